/**
 * Times ahead of the clock. Some clock was wrong then, this one or the one that wrote them, so what carries such a time
 * stops nothing: it is overridden, and shown.
 */

import { HOLD_MAXIMUM_MS } from './state.ts';
import type { ProviderStatus } from './status.ts';

/** Clocks of machines that ask a time server differ by less. */
export const MAX_AHEAD_MS = 60_000;

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

/**
 * The status as a next check may be applied to it, and planned from it. One whose last check is from the future loses
 * that check and every time that a rule would wait for; what is believed of the provider stays.
 */
export function withoutFuture(status: ProviderStatus, now: Date): ProviderStatus {
  if (!isFromFuture(status.lastCheck?.timestamp ?? status.since, now)) return status;
  const past = (time: string) => !isFromFuture(time, now);
  const atMost = (time: string, ms: number) => new Date(Math.min(Date.parse(time), ms)).toISOString();
  const nowMs = now.getTime();
  const believed: ProviderStatus = {
    ...status,
    lastCheck: null,
    since: atMost(status.since, nowMs),
    lastHealthyAt: status.lastHealthyAt && atMost(status.lastHealthyAt, nowMs),
    lastCompletionAt: status.lastCompletionAt && past(status.lastCompletionAt) ? status.lastCompletionAt : null,
    transitionTimes: status.transitionTimes.filter(past),
    blacklistTimes: status.blacklistTimes.filter(past),
  };
  if (believed.state !== 'blacklisted' || believed.holdUntil === null) return believed;
  return { ...believed, holdUntil: atMost(believed.holdUntil, nowMs + HOLD_MAXIMUM_MS) };
}
