import { describe, expect, it } from 'vitest';
import { distanceMs, horizonOf, isFromFuture, MAX_AHEAD_MS } from '../../lib/health/future.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { withoutFuture } from '../../lib/health/without-future.ts';
import { at, blacklistedStatus, healthyStatus, minute, START, unhealthyStatus } from '../support/builders.ts';

const now = new Date(START);
const HOUR_MS = 3_600_000;

describe('T12: a time ahead of the clock', () => {
  it.each([
    [-HOUR_MS, false],
    [0, false],
    [MAX_AHEAD_MS, false],
    [MAX_AHEAD_MS + 1, true],
  ])('by %i ms is from the future: %s', (ms, expected) => {
    expect(isFromFuture(at(ms), now)).toBe(expected);
  });

  it('is as far away as one behind it', () => {
    expect([distanceMs(at(5000), now), distanceMs(at(-5000), now)]).toEqual([5000, 5000]);
  });

  it('is believed up to the horizon, and not a millisecond further', () => {
    expect(horizonOf(now)).toBe(at(MAX_AHEAD_MS));
    expect(isFromFuture(horizonOf(now), now)).toBe(false);
  });
});

describe('T12: a status without times from the future', () => {
  const before = new Date(at(-HOUR_MS));

  it('is the same object when its last check is not from the future', () => {
    const status = healthyStatus();
    expect(withoutFuture(status, now)).toBe(status);
    expect(withoutFuture(status, new Date(at(-MAX_AHEAD_MS)))).toBe(status);
    expect(withoutFuture(status, new Date(at(-MAX_AHEAD_MS - 1)))).not.toBe(status);
  });

  it('keeps state and scores, and loses the check and every time that a rule would wait for', () => {
    const status: ProviderStatus = {
      ...healthyStatus(),
      consecutiveSuccesses: 7,
      transitionTimes: [at(-2 * HOUR_MS), at(-HOUR_MS + MAX_AHEAD_MS), START],
      blacklistTimes: [at(-2 * HOUR_MS), START],
    };
    expect(withoutFuture(status, before)).toEqual({
      ...status,
      lastCheck: null,
      since: before.toISOString(),
      lastHealthyAt: before.toISOString(),
      lastCompletionAt: null,
      transitionTimes: [at(-2 * HOUR_MS), at(-HOUR_MS + MAX_AHEAD_MS)],
      blacklistTimes: [at(-2 * HOUR_MS)],
    });
  });

  it('keeps times that are not from the future as they are', () => {
    const past = { since: at(-3 * HOUR_MS), lastHealthyAt: at(-2 * HOUR_MS), lastCompletionAt: at(-2 * HOUR_MS) };
    expect(withoutFuture({ ...healthyStatus(), ...past }, before)).toMatchObject({ ...past, lastCheck: null });
    expect(withoutFuture(unhealthyStatus(), before).lastHealthyAt).toBeNull();
    expect(withoutFuture({ ...unhealthyStatus(), lastCompletionAt: null }, before).lastCompletionAt).toBeNull();
  });

  it('is judged by its beginning if it was never checked', () => {
    const unchecked = { ...healthyStatus(), lastCheck: null };
    expect(withoutFuture(unchecked, before).since).toBe(before.toISOString());
    expect(withoutFuture(unchecked, now)).toBe(unchecked);
  });

  it('ends a hold after 5 minutes at the latest, keeps a shorter one, and makes none where there was none', () => {
    const held = blacklistedStatus({ blacklistAfter: 1 });
    expect(withoutFuture(held, before)).toMatchObject({ state: 'blacklisted', holdUntil: at(-HOUR_MS + 300_000) });
    const short = { ...held, holdUntil: at(-HOUR_MS + 10_000) } as ProviderStatus;
    expect(withoutFuture(short, before)).toMatchObject({ holdUntil: at(-HOUR_MS + 10_000) });
    const ours = blacklistedStatus({ blacklistAfter: 1 }, 'auth');
    expect(withoutFuture(ours, before)).toMatchObject({ state: 'blacklisted', holdUntil: null });
    expect(withoutFuture(healthyStatus(), before)).not.toHaveProperty('holdUntil');
    expect(held.lastCheck?.timestamp).toBe(minute(0));
  });
});
