/**
 * Keeps the transitions, so that they can be listed and incidents be made of them. Every status has its last transition
 * and carries those before it that are not known to be on record, so each status repairs the log after any failure.
 */

import { createNewestTexts } from '../base/newest-texts.ts';
import { type ProviderStatus, transitionsIn } from '../health/status.ts';
import type { Transition } from '../health/transition.ts';
import type { Page, Store } from '../store/store.ts';

export interface TransitionLog {
  /**
   * Writes the transitions of a status where they are missing. Idempotent; one that this process wrote or found costs
   * nothing.
   *
   * @throws {StoreError}
   */
  record(status: ProviderStatus): Promise<void>;
  /**
   * As `record`, of many at once: reads the newest transitions once instead of asking for each.
   *
   * @returns Why some were not recorded; empty when all were.
   */
  compare(statuses: readonly ProviderStatus[]): Promise<unknown[]>;
  /** Looks up the transitions that statuses carry, where another process records them. Writes nothing; never rejects. */
  find(statuses: readonly ProviderStatus[]): Promise<void>;
  /** Whether this process knows that the transition is on record. */
  has(transition: Transition): boolean;
}

const PAGE_LIMIT = 1000;
/** Of one time: more providers than a monitor has. */
const MOST_PAGES = 20;
/** Of each provider: more than a status can have at once. */
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
      // Those of one tick have one time.
      await Promise.allSettled([...new Set(doubts.map(({ at }) => at))].map(findAllOf));
    },
  };
}
