/** The configuration in force, as one process knows it: what was deployed, with the list that was accepted last. */

import { messageOf } from '../base/error-text.ts';
import type { Log } from '../base/log.ts';
import type { MonitorConfig } from '../config/schema.ts';
import type { ListStore } from '../store/lists.ts';
import { type Deployed, parseList } from './parse.ts';

const ASK_EVERY_MS = 30_000;

export interface CurrentOptions {
  lists: ListStore;
  deployed: Deployed;
  /** Without a list. */
  config: MonitorConfig;
  log: Log;
  /** Milliseconds of any clock. */
  now: () => number;
}

export interface Current {
  /** The same object as long as it is the same configuration. Never rejects: what is not known anew is as it was. */
  get(): Promise<MonitorConfig>;
  /** The next call asks the table. */
  expire(): void;
}

export function createCurrent({ lists, deployed, config: first, log, now }: CurrentOptions): Current {
  let config = first;
  let hash: string | null = null;
  let askedAt: number | null = null;

  async function update(): Promise<void> {
    const accepted = await lists.accepted();
    if (accepted === null || accepted.hash === hash) return;
    const text = await lists.textOf(accepted.hash);
    // Replaced in between: the next call finds the other one.
    if (text === null) return;
    hash = accepted.hash;
    config = { ...parseList(text, deployed), publicUrl: first.publicUrl };
  }

  return {
    async get() {
      const sinceMs = askedAt === null ? null : now() - askedAt;
      if (sinceMs !== null && sinceMs >= 0 && sinceMs < ASK_EVERY_MS) return config;
      askedAt = now();
      await update().catch((error: unknown) => {
        // Another release, or a deployment with fewer rights, may refuse what an earlier one accepted.
        log.error('accepted provider list not used', { error: messageOf(error) });
      });
      return config;
    },
    expire() {
      askedAt = null;
    },
  };
}
