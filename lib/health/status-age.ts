/** The age of a status, and whether the status is stale. */

import type { BriefStatus } from './brief-status.ts';
import { distanceMs, isFromFuture } from './future.ts';

/** A status older than this many intervals is stale. */
const STALE_INTERVALS = 3;

/** The monitor counts as silent after this many missing ticks. With one check per tick, statuses become stale at that time. */
export const SILENT_TICKS = STALE_INTERVALS;

/**
 * Whether the status is stale: its last check is older than 3 intervals, or is from the future, because the true age is then
 * unknown. A status without a check is not stale.
 */
export function isStale(status: Pick<BriefStatus, 'lastCheck' | 'intervalSeconds' | 'since'>, now: Date): boolean {
  const { lastCheck, intervalSeconds } = status;
  if (lastCheck === null) return false;
  return isFromFuture(lastCheck.timestamp, now) || ageMs(status, now) > STALE_INTERVALS * intervalSeconds * 1000;
}

/** Milliseconds between the last check and now, never negative; before the first check, since the status was created. */
export function ageMs(status: Pick<BriefStatus, 'lastCheck' | 'since'>, now: Date): number {
  return distanceMs(status.lastCheck?.timestamp ?? status.since, now);
}
