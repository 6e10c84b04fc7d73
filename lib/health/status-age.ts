/** How old a status is, and whether it still says something about now. */

import { distanceMs, isFromFuture } from './future.ts';
import type { ProviderStatus } from './status.ts';

/** A status older than this many intervals is stale. */
const STALE_INTERVALS = 3;

/** Ticks that may fail to come before the monitor counts as silent: until then, no status of one check a tick is stale. */
export const SILENT_TICKS = STALE_INTERVALS;

/**
 * Whether the status may no longer hold: its last check is older than 3 intervals, or from the future, since a
 * wrong clock says nothing of how old it is.
 */
export function isStale(status: ProviderStatus, now: Date): boolean {
  if (status.lastCheck === null) return false;
  if (isFromFuture(status.lastCheck.timestamp, now)) return true;
  return ageMs(status, now) > STALE_INTERVALS * status.intervalSeconds * 1000;
}

/** Milliseconds from the last check to now, or from now to it; from when the status began, when there was no check. */
export function ageMs(status: ProviderStatus, now: Date): number {
  return distanceMs(status.lastCheck?.timestamp ?? status.since, now);
}
