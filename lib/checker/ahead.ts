/**
 * Handles times ahead of the clock: refuses such a tick, and reports each status that is overridden because of its
 * time.
 */

import { distanceMs, isFromFuture, MAX_AHEAD_MS } from '../health/future.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { CheckContext } from './context.ts';
import type { Member } from './fleet/fleet.ts';

/**
 * Why a tick is refused; null when it may run. The checks of a tick carry its time, and a time from the future would
 * block every later check until then.
 */
export function refusalOf(tick: Date, now: Date): string | null {
  const time = tick.toISOString();
  if (!isFromFuture(time, now)) return null;
  const aheadSeconds = Math.round(distanceMs(time, now) / 1000);
  return (
    `tick ${time}: expected at most ${MAX_AHEAD_MS / 1000} s after this machine's clock (${now.toISOString()}), got ` +
    `${aheadSeconds} s. Correct the clock, or run the tick with the current time.`
  );
}

/** Ids of the providers whose status is from the future. The log names each: their next check overrides it. */
export function reportFuture(
  { log }: Pick<CheckContext, 'log'>,
  members: readonly Pick<Member, 'config' | 'status'>[],
  now: Date,
): string[] {
  const ahead = members.flatMap(({ config, status }) => {
    const time = status && timeOf(status);
    return time && isFromFuture(time, now) ? [{ provider: config.id, time }] : [];
  });
  for (const { provider, time } of ahead) {
    log.warn('status from the future overridden: a clock is or was wrong', { provider, time, now: now.toISOString() });
  }
  return ahead.map(({ provider }) => provider);
}

function timeOf({ lastCheck, since }: ProviderStatus): string {
  return lastCheck?.timestamp ?? since;
}
