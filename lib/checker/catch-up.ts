/**
 * Finds lost notices by the statuses. Before a tick probes, it compares the statuses with the recorded transitions and
 * announced alerts. A process compares all statuses at its first tick, and later only those that another process wrote,
 * so it costs nothing while this process alone writes.
 */

import type { ProviderStatus } from '../health/status.ts';
import type { Heartbeat } from '../store/store.ts';

/** Whether a provider is checked. True for providers that only another process knows. */
export type IsChecked = (provider: string) => boolean;

/**
 * Compares statuses, and the heartbeat if there is one. Where `isChecked` is given, the open problems of all other providers
 * end. Must not reject.
 */
export type Compare = (
  statuses: readonly ProviderStatus[],
  heartbeat: Heartbeat | null,
  isChecked: IsChecked | null,
) => Promise<void>;

export interface CatchUp {
  /** Notes that this process wrote the status, and passes its notice on itself. */
  wrote(status: ProviderStatus): void;
  /**
   * @param previous The newest heartbeat; null for a caller that has none.
   * @param isChecked Absent for a caller that does not know all providers.
   */
  run(statuses: readonly ProviderStatus[], previous: Heartbeat | null, isChecked?: IsChecked): Promise<void>;
}

/** @param compare Null: something else handles the notices, and loses none. */
export function createCatchUp(compare: Compare | null): CatchUp {
  /**
   * Times of the last check and the last transition of each status that needs no comparison. Writing a pause or a
   * repeated notice does not change them.
   */
  const known = new Map<string, string>();
  let isFirst = true;

  function wrote(status: ProviderStatus): void {
    const times = timesOf(status);
    if (compare !== null && times !== null) known.set(status.provider, times);
  }

  return {
    wrote,

    async run(statuses, previous, isChecked) {
      if (compare === null) return;
      const doubtful = statuses.filter((status) => {
        const times = timesOf(status);
        return times !== null && known.get(status.provider) !== times;
      });
      const heartbeat = isFirst ? previous : null;
      if (previous !== null) isFirst = false;
      // Compare even without doubtful statuses: this also sends the alerts that a stop left unsent.
      await compare(doubtful, heartbeat, isChecked ?? null);
      for (const status of doubtful) wrote(status);
    },
  };
}

/** Null before the first check: then there is nothing to compare. */
function timesOf({ lastCheck, lastTransition }: ProviderStatus): string | null {
  return lastCheck && `${lastCheck.timestamp} ${lastTransition?.at ?? ''}`;
}
