/** The configuration that is in force, as one process knows it: the deployed one with the provider list that was accepted last. */

import { messageOf } from '../base/error-text.ts';
import type { Log } from '../base/log.ts';
import { ConfigError } from '../config/error.ts';
import type { MonitorConfig } from '../config/schema.ts';
import type { ListStore } from '../store/lists.ts';
import { type Deployed, parseList } from './parse.ts';

const ASK_EVERY_MS = 30_000;
const ADVICE =
  'What this process knew before stays in force. Statuses of other providers are kept, and go stale where nothing else checks them.';
/** A list can be replaced while this process reads it; then the process reads again. */
const MOST_TRIES = 3;

export interface ConfigInForceOptions {
  lists: ListStore;
  deployed: Deployed;
  /** The configuration to use while no list was accepted. */
  config: MonitorConfig;
  log: Log;
  /** Milliseconds of any clock. */
  now: () => number;
}

export interface ConfigInForce {
  /**
   * The configuration in force. Returns the same object until the configuration changes. When the table cannot be read, the
   * last known configuration is returned.
   *
   * @throws Until the table was read once. The deployed providers alone could be wrong: a tick would remove the statuses of
   *   all providers of the list.
   */
  get(): Promise<MonitorConfig>;
  /**
   * Whether `get` returned the configuration that is really in force. False when this process cannot use the accepted list,
   * or could not read it: other processes may then monitor providers that this process does not know.
   */
  isWhole(): boolean;
  /** The next call of `get` reads the table. */
  expire(): void;
}

export function createConfigInForce({ lists, deployed, config: first, log, now }: ConfigInForceOptions): ConfigInForce {
  let config = first;
  let hash: string | null = null;
  let askedAt: number | null = null;
  let isKnown = false;
  let isWhole = false;
  /** The hash of an accepted list that this process cannot use. */
  let refused: string | null = null;

  /** @returns Whether the list in force is used here. */
  async function update(): Promise<boolean> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const accepted = await lists.accepted();
      if (accepted === null || accepted.hash === hash) {
        refused = null;
        return true;
      }
      // Its mistakes are in the log already.
      if (accepted.hash === refused) return false;
      const text = await lists.textOf(accepted.hash);
      // The list was replaced in between, so read the new one.
      if (text === null) continue;
      config = { ...usable(text, accepted.hash), publicUrl: first.publicUrl };
      hash = accepted.hash;
      refused = null;
      return true;
    }
    throw new Error('accepted provider list: expected its text in the table, got none');
  }

  /** @throws {ConfigError} When this release, or a deployment with fewer rights, refuses a list that was accepted before. */
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
        isWhole = await update();
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
