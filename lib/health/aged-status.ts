/** A status as the API and the readers give it: with the fields of its last check at the top, and its age. */

import { isFromFuture } from './future.ts';
import type { ProviderStatus } from './status.ts';
import { ageMs, isStale } from './status-age.ts';

/** What a `HealthCheck` has at the top too, beside `provider`, `model` and `isHealthy`. */
export interface LastCheckFields {
  /** Of the last check; null while unknown. */
  responseTimeMs: number | null;
  /** Of the last check; null when it was good, and while unknown. */
  errorMessage: string | null;
  /** Of the last check, ISO 8601 UTC; null while unknown. */
  timestamp: string | null;
}

export type AgedStatus = ProviderStatus &
  LastCheckFields & {
    /** Milliseconds between the last check, or the beginning of the status when there was none, and now. */
    ageMs: number;
    /** Older than 3 intervals, or from the future. */
    stale: boolean;
    /** The last check is more than a minute ahead of the clock: a clock is wrong. Absent: it is not. */
    fromFuture?: true;
  };

/** Leaves out the fields that only the monitor reads. */
export function withAge(
  { unrecorded, unrecordedTransitions, dayCounts, ...status }: ProviderStatus,
  now: Date,
): AgedStatus {
  // People read the answer too: what they look for stands first.
  const { provider, type, model, state, isHealthy } = status;
  const last = lastCheckFields(status);
  const first = { provider, type, model, state, isHealthy, ...last };
  return {
    ...first,
    ...status,
    ...last,
    ageMs: ageMs(status, now),
    stale: isStale(status, now),
    ...(status.lastCheck && isFromFuture(status.lastCheck.timestamp, now) && { fromFuture: true }),
  };
}

function lastCheckFields({ lastCheck }: Pick<ProviderStatus, 'lastCheck'>): LastCheckFields {
  const { responseTimeMs = null, errorMessage = null, timestamp = null } = lastCheck ?? {};
  return { responseTimeMs, errorMessage, timestamp };
}
