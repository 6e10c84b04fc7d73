/**
 * Records transitions; the lists of transitions and of incidents are made from them. A status carries its last
 * transition and the earlier ones that may not be recorded, so each status can repair the log after a failure.
 */

import { createNewestTexts } from '../base/newest-texts.ts';
import { type ProviderStatus, transitionsIn } from '../health/status.ts';
import type { Transition } from '../health/transition.ts';
import type { Page, Store } from '../store/store.ts';

export interface TransitionLog {
  /**
   * Writes the missing transitions of a status. Idempotent. A transition that this process has written or found before
   * costs no request.
   *
   * @throws {StoreError}
   */
  record(status: ProviderStatus): Promise<void>;
  /**
   * Like `record`, for many statuses: reads the newest transitions in one page instead of looking up each.
   *
   * @returns The errors of transitions that could not be recorded; empty when all were recorded.
   */
  compare(statuses: readonly ProviderStatus[]): Promise<unknown[]>;
  /**
   * Looks up the transitions that statuses carry, where another process records them. Writes nothing. Never rejects.
   */
  find(statuses: readonly ProviderStatus[]): Promise<void>;
  /** Whether this process knows that the transition is on record. */
  has(transition: Transition): boolean;
}

const PAGE_LIMIT = 1000;
/** Pages of transitions with the same time: enough for more providers than a monitor has. */
const MOST_PAGES = 20;
/** Remembered ids of each provider: more than a status can carry. */
const MOST_REMEMBERED = 50;

export function createTransitionLog({ transitions }: Pick<Store, 'transitions'>): TransitionLog {
  /** Ids of transitions that were seen in the table, by provider. */
  const recorded = createNewestTexts(MOST_REMEMBERED);
  const has = ({ provider, id }: Transition): boolean => recorded.has(provider, id);
  const remember = ({ provider, id }: Transition): void => recorded.add(provider, id);
  const doubtful = (status: ProviderStatus): Transition[] => transitionsIn(status).filter((one) => !has(one));

  async function record(status: ProviderStatus): Promise<void> {
    for (const transition of doubtful(status)) {
      await transitions.put(transition);
      remember(transition);
    }
  }

  async function findAllOf(at: string): Promise<void> {
    let cursor: string | null = null;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const request = { from: at, to: at, limit: PAGE_LIMIT, ...(cursor !== null && { cursor }) };
      const page: Page<Transition> = await transitions.page(null, request);
      for (const transition of page.items) remember(transition);
      cursor = page.next;
      if (cursor === null) return;
    }
  }

  return {
    has,
    record,

    async compare(statuses) {
      const doubts = statuses.flatMap(doubtful);
      const times = doubts.map(({ at }) => at).sort();
      const [from] = times;
      const to = times.at(-1);
      if (from === undefined || to === undefined) return [];
      const { items } = await transitions.page(null, { from, to, limit: PAGE_LIMIT });
      const found = new Set(items.map(({ id }) => id));
      for (const transition of doubts) if (found.has(transition.id)) remember(transition);
      const results = await Promise.allSettled(statuses.map(record));
      return results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    },

    async find(statuses) {
      const doubts = statuses.flatMap(({ unrecordedTransitions = [] }) =>
        unrecordedTransitions.filter((one) => !has(one)),
      );
      // All transitions of one tick have the same time, so there are few different times.
      await Promise.allSettled([...new Set(doubts.map(({ at }) => at))].map(findAllOf));
    },
  };
}
