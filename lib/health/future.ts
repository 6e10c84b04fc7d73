/**
 * Times ahead of the clock. Then a clock is wrong, this one or the one that wrote them. So an item with such a time blocks
 * nothing: it is overridden, and shown.
 */

import { MINUTE_MS } from '../base/time.ts';

/** Clocks of machines that ask a time server differ by less. */
export const MAX_AHEAD_MS = MINUTE_MS;

/** @param time ISO 8601 UTC. */
export function isFromFuture(time: string, now: Date): boolean {
  return Date.parse(time) > now.getTime() + MAX_AHEAD_MS;
}

/** Milliseconds between a time and the clock, whichever is ahead: a time from the future is not fresh. */
export function distanceMs(time: string, now: Date): number {
  return Math.abs(now.getTime() - Date.parse(time));
}

/** The last time that is not from the future, ISO 8601 UTC. */
export function horizonOf(now: Date): string {
  return new Date(now.getTime() + MAX_AHEAD_MS).toISOString();
}
