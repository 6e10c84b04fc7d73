/**
 * The status is the outbox of its notices: what it says, and what was recorded and announced of it, are compared before a
 * tick probes and so changes it. Costs nothing as long as this process alone writes the statuses: it knows its own, and
 * compares all of them once, at its first tick.
 */

import type { ProviderStatus } from '../health/status.ts';
import type { Heartbeat } from '../store/store.ts';

/** Compares these statuses, and the heartbeat where one is given. Must not reject. */
export type Compare = (statuses: readonly ProviderStatus[], heartbeat: Heartbeat | null) => Promise<void>;

export interface CatchUp {
  /** This process wrote the status, and hands its notice on itself. */
  wrote(status: ProviderStatus): void;
  /** @param previous The newest heartbeat; null for a caller that has none. */
  run(statuses: readonly ProviderStatus[], previous: Heartbeat | null): Promise<void>;
}

/** @param compare Null: notices are handed on by other means, which lose none. */
export function createCatchUp(compare: Compare | null): CatchUp {
  /** The last check of each status that needs no comparison: a pause, or an announcement again, changes nothing in it. */
  const known = new Map<string, string>();
  let isFirst = true;

  function wrote({ provider, lastCheck }: ProviderStatus): void {
    if (lastCheck !== null) known.set(provider, lastCheck.timestamp);
  }

  return {
    wrote,

    async run(statuses, previous) {
      if (compare === null) return;
      const doubtful = statuses.filter(
        ({ provider, lastCheck }) => lastCheck !== null && known.get(provider) !== lastCheck.timestamp,
      );
      const heartbeat = isFirst ? previous : null;
      if (previous !== null) isFirst = false;
      // Also without any: what a stop left unsent is sent now.
      await compare(doubtful, heartbeat);
      for (const status of doubtful) wrote(status);
    },
  };
}
