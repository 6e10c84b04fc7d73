/** Decides whether a shard is silent: whether its last tick ended too long ago. */

import { distanceMs, isFromFuture } from './future.ts';
import { SILENT_TICKS } from './status-age.ts';

/** @param finishedAt When the last tick ended, ISO 8601 UTC; null before the first tick. */
export function isSilent(finishedAt: string | null, tickSeconds: number, now: Date): boolean {
  if (finishedAt === null || isFromFuture(finishedAt, now)) return true;
  return distanceMs(finishedAt, now) > SILENT_TICKS * tickSeconds * 1000;
}
