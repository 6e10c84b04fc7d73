/** The configuration in force, as one process knows it: what was deployed, with the list that was accepted last. */

import { messageOf } from '../base/error-text.ts';
import type { Log } from '../base/log.ts';
import { ConfigError } from '../config/error.ts';
import type { MonitorConfig } from '../config/schema.ts';
import type { ListStore } from '../store/lists.ts';
import { type Deployed, parseList } from './parse.ts';

const ASK_EVERY_MS = 30_000;
/** Of a list that is replaced while it is read. */
const MOST_TRIES = 3;

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
  /**
   * The same object as long as it is the same configuration: what is not known anew is as it was.
   *
   * @throws As long as this process has never known whether a list is in force. The providers of the deployment
   *   alone would be wrong then: a tick removes the statuses of all others.
   */
  get(): Promise<MonitorConfig>;
  /** The next call asks the table. */
  expire(): void;
}

export function createCurrent({ lists, deployed, config: first, log, now }: CurrentOptions): Current {
  let config = first;
  let hash: string | null = null;
  let askedAt: number | null = null;
  let isKnown = false;

  async function update(): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const accepted = await lists.accepted();
      if (accepted === null || accepted.hash === hash) return;
      const text = await lists.textOf(accepted.hash);
      // Replaced in between: there is another one by now.
      if (text === null) continue;
      hash = accepted.hash;
      config = { ...parseList(text, deployed), publicUrl: first.publicUrl };
      return;
    }
    throw new Error('accepted provider list: expected its text in the table, got none');
  }

  return {
    async get() {
      const sinceMs = askedAt === null ? null : now() - askedAt;
      if (sinceMs !== null && sinceMs >= 0 && sinceMs < ASK_EVERY_MS) return config;
      askedAt = now();
      try {
        await update();
        isKnown = true;
      } catch (error) {
        // Another release, or a deployment with fewer rights, may refuse what an earlier one accepted.
        if (error instanceof ConfigError) isKnown = true;
        if (!isKnown) {
          askedAt = null;
          throw error;
        }
        log.error('accepted provider list not used', { error: messageOf(error) });
      }
      return config;
    },
    expire() {
      askedAt = null;
    },
  };
}
