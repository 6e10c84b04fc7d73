import { describe, expect, it } from 'vitest';
import { endedStatus, isEnded } from '../../lib/health/ended-status.ts';
import { nextStatus, noticeOfPolicy, unknownStatus, withPolicy } from '../../lib/health/next-status.ts';
import { statusFromItem, statusItem } from '../../lib/store/items/status-item.ts';
import {
  at,
  blacklistedStatus,
  failedCheck,
  goodCheck,
  healthyStatus,
  minute,
  provider,
  statusAfter,
} from '../support/builders.ts';

const flapping = (...more: Parameters<typeof statusAfter>[0]) =>
  statusAfter([
    ...[0, 1, 2, 3, 4].map((time) =>
      time % 2 === 0 ? goodCheck({ timestamp: minute(time) }) : failedCheck('auth', { timestamp: minute(time) }),
    ),
    ...more,
  ]);

describe('the status of a provider that is no longer checked', () => {
  const before = blacklistedStatus();
  const checkedAt = Date.parse(before.lastCheck?.timestamp ?? '');
  const end = new Date(checkedAt + 1).toISOString();
  const ended = endedStatus(before);
  if (ended === null) throw new Error('expected an end');

  it('is unknown since its last check, with the transition that ends the outage and those before it', () => {
    expect(ended).toMatchObject({ state: 'unknown', isHealthy: false, since: end, version: before.version + 1 });
    expect(ended).not.toHaveProperty('holdUntil');
    expect(ended.lastTransition).toMatchObject({ from: 'blacklisted', to: 'unknown', at: end, category: null });
    expect(ended.unrecordedTransitions?.at(-1)).toEqual(before.lastTransition);
    expect([isEnded(ended), isEnded(before)]).toEqual([true, false]);
  });

  it('says how long the state before lasted, which is never less than nothing', () => {
    const { since } = before;
    expect(ended.lastTransition?.lastedMs).toBe(checkedAt + 1 - Date.parse(since));
    const ahead = { ...before, since: new Date(checkedAt + 60_000).toISOString() };
    expect(endedStatus(ahead)?.lastTransition?.lastedMs).toBe(0);
  });

  it('is unknown since the last change of state where no check is known', () => {
    const since = new Date(Date.parse(before.since) + 1).toISOString();
    expect(endedStatus({ ...before, lastCheck: null })).toMatchObject({ since });
  });

  it('is no status without checks, and none whose checks began again', () => {
    expect(isEnded(unknownStatus(provider(), new Date(minute(0))))).toBe(false);
    expect(isEnded({ ...healthyStatus(), lastTransition: ended.lastTransition })).toBe(false);
  });

  it('keeps the last check, the counts of the days and the tokens, and nothing else that it was judged by', () => {
    const { lastCheck, dayCounts, tokensToday, lastCompletionAt, lastHealthyAt } = before;
    expect(ended).toMatchObject({ lastCheck, dayCounts, lastCompletionAt });
    expect([ended.tokensToday, ended.lastHealthyAt]).toEqual([tokensToday, lastHealthyAt]);
    const fresh = unknownStatus(provider(), new Date(end));
    const { recent, successRate, healthScore, medianResponseMs, blacklistTimes, consecutiveFailures } = fresh;
    expect(ended).toMatchObject({
      recent,
      successRate,
      healthScore,
      medianResponseMs,
      blacklistTimes,
      consecutiveFailures,
    });
  });

  it('reads from its item as it was written', () => {
    expect(statusFromItem(statusItem(ended, 'transition', 'w'))).toEqual(ended);
  });

  it('is needed once, and not for a provider that works', () => {
    expect(endedStatus(ended)).toBeNull();
    expect(endedStatus(healthyStatus())).toBeNull();
    const { timestamp } = goodCheck();
    expect(endedStatus({ ...healthyStatus(), transitionTimes: [timestamp] })).toBeNull();
    expect(endedStatus(unknownStatus(provider(), new Date(minute(0))))).toBeNull();
  });

  it('is needed for one that works and has not settled after it flapped', () => {
    expect(endedStatus(flapping())).toMatchObject({ state: 'unknown', flapping: false, transitionTimes: [] });
    expect(endedStatus(flapping(goodCheck({ timestamp: minute(33) })))).toMatchObject({ state: 'unknown' });
    expect(endedStatus(flapping(goodCheck({ timestamp: minute(34) })))).toBeNull();
  });

  it('starts afresh: the first failed check is a new outage, whatever was before', () => {
    const check = failedCheck('auth', { timestamp: minute(600) });
    const change = nextStatus(ended, check, provider());
    expect(change?.status).toMatchObject({ state: 'unhealthy', consecutiveFailures: 1, transitionTimes: [] });
    expect(change?.transition).toMatchObject({ from: 'unknown', to: 'unhealthy', at: minute(600) });
  });

  it('takes no check that is not later than the end', () => {
    const late = (ms: number) =>
      nextStatus(ended, goodCheck({ timestamp: new Date(checkedAt + ms).toISOString() }), provider());
    expect([late(0), late(1)]).toEqual([null, null]);
    expect(late(2)).not.toBeNull();
  });
});

describe('a provider that is disabled', () => {
  it('while it is down ends its problem, with a notice, once', () => {
    const before = blacklistedStatus();
    const disabled = withPolicy(before, provider({ enabled: false }));
    if (disabled === null) throw new Error('expected new settings');
    expect(disabled).toMatchObject({ enabled: false, state: 'unknown', version: before.version + 1 });
    expect(noticeOfPolicy(before, disabled)).toBe('transition');
    expect(withPolicy(disabled, provider({ enabled: false }))).toBeNull();
  });

  it('already, by an earlier release, ends its problem too', () => {
    const before = { ...blacklistedStatus(), enabled: false };
    expect(withPolicy(before, provider({ enabled: false }))).toMatchObject({ state: 'unknown' });
  });

  it('while it works keeps its state, without a notice', () => {
    const before = healthyStatus();
    const disabled = withPolicy(before, provider({ enabled: false }));
    expect(disabled).toMatchObject({ enabled: false, state: 'healthy' });
    expect(disabled && noticeOfPolicy(before, disabled)).toBeNull();
  });

  it('and enabled again is written without a second notice', () => {
    const disabled = withPolicy(blacklistedStatus(), provider({ enabled: false }));
    const enabled = disabled && withPolicy(disabled, provider());
    expect(enabled).toMatchObject({ enabled: true, state: 'unknown' });
    expect(enabled && noticeOfPolicy(disabled, enabled)).toBeNull();
    expect(disabled && noticeOfPolicy(null, disabled)).toBe('transition');
    expect(disabled && noticeOfPolicy({ ...disabled, lastTransition: null }, disabled)).toBe('transition');
    expect(noticeOfPolicy(null, unknownStatus(provider(), new Date(at(0))))).toBeNull();
  });
});
