/**
 * Finds lost notices by the statuses. Before a tick probes, it compares the statuses with the recorded transitions and
 * announced alerts. A process compares all statuses at its first tick, and later only those that another process wrote,
 * so it costs nothing while this process alone writes.
 */

import type { ProviderStatus } from '../health/status.ts';
import type { Heartbeat } from '../store/store.ts';

/** Compares statuses, and the heartbeat if there is one. Must not reject. */
export type Compare = (statuses: readonly ProviderStatus[], heartbeat: Heartbeat | null) => Promise<void>;

export interface CatchUp {
  /** Notes that this process wrote the status, and passes its notice on itself. */
  wrote(status: ProviderStatus): void;
  /** @param previous The newest heartbeat; null for a caller that has none. */
  run(statuses: readonly ProviderStatus[], previous: Heartbeat | null): Promise<void>;
}

/** @param compare Null: something else handles the notices, and loses none. */
export function createCatchUp(compare: Compare | null): CatchUp {
  /**
   * Time of the last check of each status that needs no comparison. Writing a pause or a repeated notice does not
   * change it.
   */
  const known = new Map<string, string>();
  let isFirst = true;

  function wrote({ provider, lastCheck }: ProviderStatus): void {
    if (compare !== null && lastCheck !== null) known.set(provider, lastCheck.timestamp);
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
      // Compare even without doubtful statuses: this also sends the alerts that a stop left unsent.
      await compare(doubtful, heartbeat);
      for (const status of doubtful) wrote(status);
    },
  };
}
