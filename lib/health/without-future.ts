/** Repairs a status with a last check from the future, so that the next check can be applied. */

import { isFromFuture } from './future.ts';
import { HOLD_MAXIMUM_MS } from './state.ts';
import type { ProviderStatus } from './status.ts';

/**
 * The status to which the next check can be applied. If the last check is from the future, that check and all times from the
 * future are removed or cut to `now`; the state stays.
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
