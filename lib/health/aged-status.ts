/** A status as it is answered: every answer about health says how old it is. */

import { isFromFuture } from './future.ts';
import { ageMs, isStale, type ProviderStatus } from './status.ts';

export type AgedStatus = ProviderStatus & {
  /** Milliseconds between the last check, or the beginning of the status when there was none, and now. */
  ageMs: number;
  /** Older than 3 intervals, or from the future. */
  stale: boolean;
  /** The last check is more than a minute ahead of the clock: a clock is wrong. Absent: it is not. */
  fromFuture?: true;
};

/** Without what is the monitor's own. */
export function withAge({ unrecorded, ...status }: ProviderStatus, now: Date): AgedStatus {
  // What is asked for most stands first, for people who read the answer.
  const { provider, type, model, state, isHealthy } = status;
  const first = { provider, type, model, state, isHealthy };
  return {
    ...first,
    ...status,
    ageMs: ageMs(status, now),
    stale: isStale(status, now),
    ...(status.lastCheck && isFromFuture(status.lastCheck.timestamp, now) && { fromFuture: true }),
  };
}
