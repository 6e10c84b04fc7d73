/** A status whose last check is from the future, made fit for the next check. */

import { isFromFuture } from './future.ts';
import { HOLD_MAXIMUM_MS } from './state.ts';
import type { ProviderStatus } from './status.ts';

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
