/**
 * Recognises times ahead of the clock. They mean that a clock is wrong: this one, or that of the process that wrote the time.
 * An item with such a time blocks nothing: newer data replaces it, and the API marks it.
 */

import { MINUTE_MS } from '../base/time.ts';

/** One minute. The clocks of machines that use a time server differ by less. */
export const MAX_AHEAD_MS = MINUTE_MS;

/** @param time ISO 8601 UTC. */
export function isFromFuture(time: string, now: Date): boolean {
  return Date.parse(time) > now.getTime() + MAX_AHEAD_MS;
}

/** Milliseconds between a time and the clock, never negative: a time from the future must not look fresh. */
export function distanceMs(time: string, now: Date): number {
  return Math.abs(now.getTime() - Date.parse(time));
}

/** The latest time that does not count as from the future, ISO 8601 UTC. */
export function horizonOf(now: Date): string {
  return new Date(now.getTime() + MAX_AHEAD_MS).toISOString();
}
