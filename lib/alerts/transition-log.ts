/**
 * Keeps the transitions, so that they can be listed and incidents be made of them. Every status carries its last
 * transition, so each status repairs the log: a transition that is missing is written, and one that is missing before it
 * is joined (lib/health/transition-chain.ts).
 */

import type { ProviderStatus } from '../health/status.ts';
import type { Transition } from '../health/transition.ts';
import { lostBetween, stateBeganAt } from '../health/transition-chain.ts';
import type { Store } from '../store/store.ts';

export interface TransitionLog {
  /**
   * Writes the last transition of a status where it is missing. Idempotent; one that this process wrote or found costs
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
}

const PAGE_LIMIT = 1000;
/** Transitions are kept 400 days (lib/store/items/expiry.ts): what is missing from before that has expired. */
const KEPT_MS = 400 * 86_400_000;

export function createTransitionLog({ transitions }: Pick<Store, 'transitions'>): TransitionLog {
  /** The id of the transition that was last seen in the table, by provider. */
  const recorded = new Map<string, string>();

  async function record({ lastTransition }: ProviderStatus): Promise<void> {
    if (lastTransition === null || recorded.get(lastTransition.provider) === lastTransition.id) return;
    // The earlier one first: a crash in between leaves the newer one missing, so that it is looked at again.
    await joinBefore(lastTransition);
    await transitions.put(lastTransition);
    recorded.set(lastTransition.provider, lastTransition.id);
  }

  async function joinBefore(next: Transition): Promise<void> {
    if (next.from === 'unknown' || next.lastedMs >= KEPT_MS) return;
    const beganAt = stateBeganAt(next);
    const newest = async (from: string) =>
      (await transitions.page(next.provider, { from, to: beganAt, limit: 1 })).items[0] ?? null;
    // The usual case: one small read, by the key that the transition before must have.
    if ((await newest(beganAt)) !== null) return;
    const lost = lostBetween(await newest(new Date(Date.parse(beganAt) - KEPT_MS).toISOString()), next);
    if (lost !== null) await transitions.put(lost);
  }

  return {
    record,

    async compare(statuses) {
      const doubtful = statuses.flatMap(({ lastTransition }) =>
        lastTransition !== null && recorded.get(lastTransition.provider) !== lastTransition.id ? [lastTransition] : [],
      );
      const times = doubtful.map(({ at }) => at).sort();
      const [from] = times;
      const to = times.at(-1);
      if (from === undefined || to === undefined) return [];
      const { items } = await transitions.page(null, { from, to, limit: PAGE_LIMIT });
      const found = new Set(items.map(({ id }) => id));
      for (const { provider, id } of doubtful) if (found.has(id)) recorded.set(provider, id);
      const results = await Promise.allSettled(statuses.map(record));
      return results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    },
  };
}
