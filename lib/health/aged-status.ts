/** The status that the API and the readers return: with the fields of its last check at the top level, and its age. */

import type { HealthCheck } from './check.ts';
import { isFromFuture } from './future.ts';
import type { ProviderStatus } from './status.ts';
import { ageMs, isStale } from './status-age.ts';

/** The fields of the last check, at the top level, where a `HealthCheck` also has them. */
export interface LastCheckFields {
  /** Response time of the last check; null while unknown. */
  responseTimeMs: number | null;
  /** Error of the last check; null when it was good, and while unknown. */
  errorMessage: string | null;
  /** Time of the last check, ISO 8601 UTC; null while unknown. */
  timestamp: string | null;
}

export type AgedStatus = ProviderStatus &
  LastCheckFields & {
    /** Milliseconds between the last check and now; before the first check, since the status was created. */
    ageMs: number;
    /** Older than 3 intervals, or from the future. */
    stale: boolean;
    /** The last check is more than a minute ahead of the clock, so one of the clocks is wrong. Absent: it is not. */
    fromFuture?: true;
  };

/** The status with its age, without the fields that only the monitor reads. */
export function withAge(
  { unrecorded, unrecordedTransitions, dayCounts, ...status }: ProviderStatus,
  now: Date,
): AgedStatus {
  // People read the answer too, so the most important fields come first.
  const { provider, type, model, state, isHealthy } = status;
  return {
    ...{ provider, type, model, state, isHealthy, ...lastCheckFields(status.lastCheck) },
    ...status,
    ageMs: ageMs(status, now),
    stale: isStale(status, now),
    ...(status.lastCheck && isFromFuture(status.lastCheck.timestamp, now) && { fromFuture: true }),
  };
}

/** @param lastCheck Null: there was no check yet, or the status is not known. */
export function lastCheckFields(lastCheck: HealthCheck | null): LastCheckFields {
  const { responseTimeMs = null, errorMessage = null, timestamp = null } = lastCheck ?? {};
  return { responseTimeMs, errorMessage, timestamp };
}
