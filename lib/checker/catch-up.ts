/**
 * The status is the outbox of its notices: what it says, and what was recorded and announced of it, are compared before a
 * tick probes and so changes it. Costs nothing as long as this process alone writes the statuses: it knows its own, and
 * compares all of them once, at its first tick.
 */

import type { ProviderStatus } from '../health/status.ts';
import type { Heartbeat } from '../store/store.ts';
import type { Fleet } from './fleet/fleet.ts';

/** Compares these statuses, and the heartbeat where one is given. Must not reject. */
export type Compare = (statuses: readonly ProviderStatus[], heartbeat: Heartbeat | null) => Promise<void>;

export interface CatchUp {
  /** This process wrote the status, and hands its notice on itself. */
  wrote(status: ProviderStatus): void;
  run(fleet: Pick<Fleet, 'members'>, previous: Heartbeat | null): Promise<void>;
}

/** @param compare Null: notices are handed on by other means, which lose none. */
export function createCatchUp(compare: Compare | null): CatchUp {
  /** The version of each status that needs no comparison. */
  const known = new Map<string, number>();
  let isFirst = true;

  return {
    wrote({ provider, version }) {
      known.set(provider, version);
    },

    async run({ members }, previous) {
      if (compare === null) return;
      const statuses = members.flatMap(({ status }) =>
        status?.lastCheck && known.get(status.provider) !== status.version ? [status] : [],
      );
      const heartbeat = isFirst ? previous : null;
      isFirst = false;
      // Also without any: what a stop left unsent is sent now.
      await compare(statuses, heartbeat);
      for (const { provider, version } of statuses) known.set(provider, version);
    },
  };
}
