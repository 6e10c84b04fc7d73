/** The configuration in force, as one process knows it: what was deployed, with the list that was accepted last. */

import { messageOf } from '../base/error-text.ts';
import type { Log } from '../base/log.ts';
import { ConfigError } from '../config/error.ts';
import type { MonitorConfig } from '../config/schema.ts';
import type { ListStore } from '../store/lists.ts';
import { type Deployed, parseList } from './parse.ts';

const ASK_EVERY_MS = 30_000;
const ADVICE =
  'What this process knew before stays in force. Statuses of other providers are kept, and go stale where nothing else checks them.';
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
  /**
   * Whether what was given last is all that is in force. Not so while the accepted list cannot be used here, or the table
   * did not say which it is: then others monitor providers that this process does not know.
   */
  isWhole(): boolean;
  /** The next call asks the table. */
  expire(): void;
}

export function createCurrent({ lists, deployed, config: first, log, now }: CurrentOptions): Current {
  let config = first;
  let hash: string | null = null;
  let askedAt: number | null = null;
  let isKnown = false;
  let isWhole = false;
  /** Of the accepted list that this process cannot use. */
  let refused: string | null = null;

  async function update(): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const accepted = await lists.accepted();
      if (accepted === null || accepted.hash === hash) {
        refused = null;
        isWhole = true;
        return;
      }
      // What was wrong with it is in the log.
      if (accepted.hash === refused) return;
      const text = await lists.textOf(accepted.hash);
      // Replaced in between: there is another one by now.
      if (text === null) continue;
      config = { ...usable(text, accepted.hash), publicUrl: first.publicUrl };
      hash = accepted.hash;
      refused = null;
      isWhole = true;
      return;
    }
    throw new Error('accepted provider list: expected its text in the table, got none');
  }

  /** @throws {ConfigError} Another release, or a deployment with fewer rights, may refuse what an earlier one accepted. */
  function usable(text: string, ofHash: string): MonitorConfig {
    try {
      return parseList(text, deployed);
    } catch (error) {
      if (error instanceof ConfigError) refused = ofHash;
      throw error;
    }
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
        isWhole = false;
        if (error instanceof ConfigError) isKnown = true;
        if (!isKnown) {
          askedAt = null;
          throw error;
        }
        log.error('accepted provider list not used', { error: messageOf(error), advice: ADVICE });
      }
      return config;
    },
    isWhole: () => isWhole,
    expire() {
      askedAt = null;
    },
  };
}
