import { describe, expect, it } from 'vitest';
import type { Category } from '../../lib/health/category.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { nextStatus, unknownStatus, withPolicy } from '../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import { isWorking } from '../../lib/health/state.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { ageMs, isStale } from '../../lib/health/status-age.ts';
import { STATES, type Transition } from '../../lib/health/transition.ts';
import {
  at,
  failedCheck,
  goodCheck,
  healthyStatus,
  minute,
  provider,
  START,
  statusAfter,
} from '../support/builders.ts';

/** `ok`, `slow` (5 s), or a category of failure. */
type Outcome = 'ok' | 'slow' | Category;

function checkOf(outcome: Outcome, timestamp: string): HealthCheck {
  if (outcome === 'ok') return goodCheck({ timestamp });
  if (outcome === 'slow') return goodCheck({ timestamp, responseTimeMs: 5000 });
  return failedCheck(outcome, { timestamp });
}

/** Every status on the way, for checks a minute apart. */
function statusesAfter(outcomes: readonly Outcome[], settings: Partial<ProviderConfig> = {}, stepMs = 60_000) {
  const config = provider(settings);
  const statuses: ProviderStatus[] = [];
  const transitions: Transition[] = [];
  let status = unknownStatus(config, new Date(START));
  outcomes.forEach((outcome, i) => {
    const change = nextStatus(status, checkOf(outcome, at(i * stepMs)), config);
    if (change === null) throw new Error(`check ${i} was not taken`);
    status = change.status;
    statuses.push(status);
    if (change.transition) transitions.push(change.transition);
  });
  return { statuses, transitions, last: status };
}

const statesAfter = (outcomes: readonly Outcome[], settings?: Partial<ProviderConfig>, stepMs?: number) =>
  statusesAfter(outcomes, settings, stepMs).statuses.map(({ state }) => state);

/** `ok*5` is five times ok; states are written the same way. */
function sequence<T extends string>(text: string): T[] {
  return text.split(' ').flatMap((part) => {
    const [word = '', count = '1'] = part.split('*');
    return Array.from({ length: Number(count) }, () => word);
  }) as T[];
}

describe('the state', () => {
  it.each([
    ['ok', 'healthy'],
    ['timeout', 'unhealthy'],
    ['rate_limited', 'degraded'],
    ['ok*3', 'healthy*3'],
    ['ok timeout ok', 'healthy unhealthy healthy'],
    ['timeout ok timeout ok', 'unhealthy healthy unhealthy healthy'],
    // Three failures in a row blacklist, wherever they stand, and only in a row.
    ['timeout*3', 'unhealthy*2 blacklisted'],
    ['ok timeout*3', 'healthy unhealthy*2 blacklisted'],
    ['ok*2 timeout*3', 'healthy*2 unhealthy*2 blacklisted'],
    ['timeout ok timeout*3', 'unhealthy healthy unhealthy*2 blacklisted'],
    ['timeout*2 ok timeout*2', 'unhealthy*2 healthy unhealthy*2'],
    ['timeout*6', 'unhealthy*2 blacklisted*4'],
    ['timeout auth server_error', 'unhealthy*2 blacklisted'],
    // Leaving takes two good checks in a row; the hold of 30 s is over by then.
    ['timeout*3 ok', 'unhealthy*2 blacklisted*2'],
    ['timeout*3 ok*2', 'unhealthy*2 blacklisted*2 healthy'],
    ['timeout*3 ok timeout ok', 'unhealthy*2 blacklisted*4'],
    ['timeout*3 ok timeout ok*2', 'unhealthy*2 blacklisted*4 healthy'],
    ['timeout*3 ok*2 timeout', 'unhealthy*2 blacklisted*2 healthy unhealthy'],
    // A first 429 proves the provider alive, a second in a row does not.
    ['rate_limited ok', 'degraded healthy'],
    ['ok rate_limited ok', 'healthy degraded healthy'],
    ['ok rate_limited*2 ok', 'healthy degraded unhealthy healthy'],
    ['rate_limited*3', 'degraded unhealthy blacklisted'],
    ['rate_limited ok rate_limited', 'degraded healthy degraded'],
    ['rate_limited timeout', 'degraded unhealthy'],
    ['timeout rate_limited', 'unhealthy*2'],
    ['timeout ok rate_limited', 'unhealthy healthy degraded'],
    ['timeout*3 rate_limited', 'unhealthy*2 blacklisted*2'],
    ['timeout*3 ok rate_limited ok*2', 'unhealthy*2 blacklisted*4 healthy'],
    // Slow: 3 of the last 5.
    ['ok*10 slow*2 ok', 'healthy*13'],
    ['ok*10 slow*3', 'healthy*12 degraded'],
    ['ok*10 slow*3 ok*2', 'healthy*12 degraded*3'],
    ['ok*10 slow*3 ok*3', 'healthy*12 degraded*3 healthy'],
    ['ok*10 slow*3 timeout', 'healthy*12 degraded unhealthy'],
    ['ok*10 slow*2 timeout slow', 'healthy*12 unhealthy degraded'],
    ['ok*10 timeout*3 slow*3', 'healthy*10 unhealthy*2 blacklisted*2 healthy degraded'],
    ['ok*10 slow*3 rate_limited', 'healthy*12 degraded*2'],
  ])('after %s is %s', (outcomes, states) => {
    expect(statesAfter(sequence<Outcome>(outcomes))).toEqual(sequence(states));
  });

  it.each([
    { blacklistAfter: 1, outcomes: 'timeout', states: 'blacklisted' },
    { blacklistAfter: 2, outcomes: 'ok timeout*2', states: 'healthy unhealthy blacklisted' },
    { blacklistAfter: 5, outcomes: 'timeout*5', states: 'unhealthy*4 blacklisted' },
  ])('is blacklisted after $blacklistAfter failed checks in a row where the policy says so', (row) => {
    expect(statesAfter(sequence(row.outcomes), { blacklistAfter: row.blacklistAfter })).toEqual(sequence(row.states));
  });

  it.each([
    { recoveryThreshold: 1, outcomes: 'timeout*3 ok', states: 'unhealthy*2 blacklisted healthy' },
    { recoveryThreshold: 3, outcomes: 'timeout*3 ok*3', states: 'unhealthy*2 blacklisted*3 healthy' },
  ])('recovers after $recoveryThreshold good checks in a row where the policy says so', (row) => {
    const settings = { recoveryThreshold: row.recoveryThreshold };
    expect(statesAfter(sequence(row.outcomes), settings)).toEqual(sequence(row.states));
  });

  it('is believed to work exactly when healthy or degraded', () => {
    expect(STATES.filter(isWorking)).toEqual(['healthy', 'degraded']);
  });
});

describe('degraded', () => {
  it('by a 429 lasts until the time that its retry-after names', () => {
    const status = statusAfter([failedCheck('rate_limited', { retryAfterMs: 90_000 })]);
    expect(status).toMatchObject({ state: 'degraded', reason: 'rate_limited', retryAt: at(90_000), isHealthy: true });
  });

  it('by a 429 without retry-after has no end', () => {
    expect(statusAfter([failedCheck('rate_limited')])).toMatchObject({ reason: 'rate_limited', retryAt: null });
  });

  it('by slowness has no end either', () => {
    const { last } = statusesAfter(sequence('ok*10 slow*3'));
    expect(last).toMatchObject({ state: 'degraded', reason: 'slow', retryAt: null, isHealthy: true });
    expect(last.routingScore).toBeGreaterThan(0);
  });

  it('may change its reason without a transition', () => {
    const { last, transitions } = statusesAfter(sequence('ok*10 slow*3 rate_limited'));
    expect(last).toMatchObject({ reason: 'rate_limited' });
    expect(transitions.map(({ to }) => to)).toEqual(['healthy', 'degraded']);
  });
});

/** Seconds that a blacklisted provider is held for from `since` on. */
function holdSeconds(status: ProviderStatus | undefined, since: string): number {
  if (status?.state !== 'blacklisted' || status.holdUntil === null) throw new Error(`no hold from ${since} on`);
  return (Date.parse(status.holdUntil) - Date.parse(since)) / 1000;
}

/** A hold is up to a tenth longer than its length, and 300 s at most. */
function expectHold(seconds: number, length: number): void {
  expect(seconds).toBeGreaterThanOrEqual(Math.min(length, 300 / 1.1 - 0.001));
  expect(seconds).toBeLessThanOrEqual(Math.min(length * 1.1, 300));
}

describe('the hold of a blacklisting', () => {
  it('is 30 s after the first', () => {
    const { last } = statusesAfter(sequence('timeout*3'), {}, 10_000);
    expect(last).toMatchObject({ blacklistedFor: 'provider' });
    expectHold(holdSeconds(last, at(20_000)), 30);
  });

  it('keeps a proven provider until it is over, and lets it go at that very moment', () => {
    const config = provider();
    const { last, statuses } = statusesAfter(sequence('timeout*3 ok*2'), {}, 10_000);
    if (last.state !== 'blacklisted' || last.holdUntil === null) throw new Error('no hold');
    const endsAt = Date.parse(last.holdUntil);
    const stateAt = (ms: number) =>
      nextStatus(last, goodCheck({ timestamp: new Date(ms).toISOString() }), config)?.status.state;
    expect(statuses.at(-1)?.consecutiveSuccesses).toBe(2);
    expect([stateAt(endsAt - 1), stateAt(endsAt)]).toEqual(['blacklisted', 'healthy']);
  });

  it('does not start anew with more failures', () => {
    const { statuses } = statusesAfter(sequence('timeout*5'), {}, 10_000);
    expectHold(holdSeconds(statuses.at(-1), at(20_000)), 30);
  });

  it('differs between providers that went down together, so that they do not return together', () => {
    const ends = Array.from({ length: 100 }, (_, i) => {
      const checks = [0, 1, 2].map((tick) => failedCheck('timeout', { timestamp: minute(tick) }));
      return holdSeconds(statusAfter(checks, provider({ id: `p${i}` })), minute(2));
    });
    expect(new Set(ends).size).toBeGreaterThan(90);
    expect(Math.min(...ends)).toBeLessThan(30.5);
    expect(Math.max(...ends)).toBeGreaterThan(32.5);
  });

  it('grows by 30 s for each blacklisting within the hour, up to 300 s', () => {
    const config = provider({ blacklistAfter: 1, recoveryThreshold: 1 });
    const holdsSeconds: number[] = [];
    let status = unknownStatus(config, new Date(START));
    // A failure and, when the longest hold is over, a success: 12 blacklistings within the hour.
    for (let i = 0; i < 12; i++) {
      const failedAt = at(i * 300_001);
      status = nextStatus(status, failedCheck('timeout', { timestamp: failedAt }), config)?.status ?? status;
      holdsSeconds.push(holdSeconds(status, failedAt));
      status = nextStatus(status, goodCheck({ timestamp: at(i * 300_001 + 300_000) }), config)?.status ?? status;
      expect(status.state).toBe('healthy');
    }
    [30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300].forEach((length, i) => {
      expectHold(holdsSeconds[i] ?? 0, length);
    });
    expect(status.blacklistTimes).toHaveLength(10);
  });

  it('is 30 s again an hour after the last', () => {
    const config = provider({ blacklistAfter: 1, recoveryThreshold: 1 });
    const first = statusAfter([failedCheck('timeout'), goodCheck({ timestamp: minute(1) })], config);
    const holdAfter = (timestamp: string) => nextStatus(first, failedCheck('timeout', { timestamp }), config)?.status;
    expectHold(holdSeconds(holdAfter(at(3_599_999)), at(3_599_999)), 60);
    expectHold(holdSeconds(holdAfter(at(3_600_000)), at(3_600_000)), 30);
  });

  it('does not exist when the fault is ours: two good checks end the blacklisting', () => {
    const { statuses, last } = statusesAfter(sequence('auth*3 ok*2'), {}, 1000);
    expect(statuses[2]).toMatchObject({ state: 'blacklisted', blacklistedFor: 'ours', holdUntil: null });
    expect(last.state).toBe('healthy');
  });

  it('depends on the fault of the check that blacklisted', () => {
    expect(statusesAfter(sequence('auth*2 timeout')).last).toMatchObject({ blacklistedFor: 'provider' });
    expect(statusesAfter(sequence('timeout*2 auth')).last).toMatchObject({ blacklistedFor: 'ours' });
    expect(statusesAfter(sequence('timeout*3 auth')).last).toMatchObject({ blacklistedFor: 'provider' });
  });

  it('takes the fault from the probe, if the probe sets one, and not from the category', () => {
    const checks = [0, 1, 2].map((i) => failedCheck('dns', { timestamp: minute(i), fault: 'ours' }));
    expect(statusAfter(checks)).toMatchObject({ blacklistedFor: 'ours', holdUntil: null });
  });
});

describe('the share of traffic after a recovery', () => {
  const sharesOf = (outcomes: string, settings = {}) =>
    statusesAfter(sequence(outcomes), settings).statuses.map(({ trafficShare }) => trafficShare);

  it('returns over four good checks', () => {
    expect(sharesOf('ok timeout ok*5')).toEqual([1, 1, 0.25, 0.5, 0.75, 1, 1]);
  });

  it('begins when a blacklisted provider leaves its hold', () => {
    expect(sharesOf('timeout*3 ok*5').slice(-4)).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it('begins anew with another outage, and waits while it is rate limited', () => {
    expect(sharesOf('timeout ok*2 timeout ok')).toEqual([1, 0.25, 0.5, 1, 0.25]);
    expect(sharesOf('timeout ok rate_limited ok')).toEqual([1, 0.25, 0.25, 0.5]);
  });

  it('is whole for a provider whose first check is good', () => {
    expect(sharesOf('ok*2')).toEqual([1, 1]);
  });
});

describe('a transition', () => {
  it('is made by a change of state alone, and the status carries it', () => {
    const { statuses, transitions, last } = statusesAfter(sequence('ok ok timeout timeout timeout ok ok'));
    expect(transitions.map(({ from, to, at }) => [from, to, at])).toEqual([
      ['unknown', 'healthy', minute(0)],
      ['healthy', 'unhealthy', minute(2)],
      ['unhealthy', 'blacklisted', minute(4)],
      ['blacklisted', 'healthy', minute(6)],
    ]);
    expect(last.lastTransition).toEqual(transitions.at(-1));
    expect(statuses[3]?.lastTransition).toEqual(transitions[1]);
  });

  it('says what caused it and how long the state before had lasted', () => {
    const { transitions } = statusesAfter(sequence('ok ok server_error'));
    expect(transitions[1]).toEqual({
      id: `${minute(2)}#alpha`,
      provider: 'alpha',
      from: 'healthy',
      to: 'unhealthy',
      at: minute(2),
      category: 'server_error',
      fault: 'provider',
      errorMessage: 'simulated server_error',
      lastedMs: 120_000,
    });
  });

  it('into health names no cause', () => {
    expect(statusesAfter(sequence('timeout ok')).transitions[1]).toMatchObject({
      to: 'healthy',
      category: null,
      fault: null,
      errorMessage: null,
    });
  });

  it('from a state that began after the check lasted no time, not a negative one', () => {
    const config = provider();
    const registered = unknownStatus(config, new Date(at(500)));
    expect(nextStatus(registered, goodCheck({ timestamp: START }), config)?.transition?.lastedMs).toBe(0);
  });
});

describe('flapping', () => {
  const flips = (count: number) => Array.from({ length: count }, (_, i): Outcome => (i % 2 === 0 ? 'ok' : 'timeout'));

  it('is 4 transitions in 30 minutes, not counting the first of all', () => {
    const { statuses } = statusesAfter(flips(6));
    expect(statuses.map(({ flapping }) => flapping)).toEqual([false, false, false, false, true, true]);
  });

  it('is not the first outage of a provider and its end', () => {
    const { statuses, last } = statusesAfter(sequence<Outcome>('ok timeout*3 ok*2'));
    expect(statuses.map(({ state }) => state)).toContain('blacklisted');
    expect(last).toMatchObject({ state: 'healthy', flapping: false });
  });

  it('counts 30 minutes to the last check, the first moment included', () => {
    expect(statusesAfter(flips(5), {}, 600_000).last.flapping).toBe(true);
    expect(statusesAfter(flips(5), {}, 600_001).last.flapping).toBe(false);
  });

  it('ends with the first check after a quiet half hour', () => {
    // The last of its 5 transitions is the blacklisting in minute 5; the fourth last was in minute 1.
    const { statuses } = statusesAfter([...flips(4), ...sequence<Outcome>('timeout*30')]);
    expect(statuses[31]?.flapping).toBe(true);
    expect(statuses[32]?.flapping).toBe(false);
  });
});

describe('the figures of a status', () => {
  it('of a provider never checked are nothing', () => {
    expect(unknownStatus(provider({ tags: ['eu'] }), new Date(START))).toMatchObject({
      provider: 'alpha',
      tags: ['eu'],
      state: 'unknown',
      version: 1,
      isHealthy: false,
      since: START,
      lastCheck: null,
      lastHealthyAt: null,
      healthScore: 0,
      routingScore: 0,
    });
  });

  it('follow the last check and the last 20', () => {
    const { last } = statusesAfter(sequence('ok slow timeout'));
    expect(last).toMatchObject({
      version: 4,
      since: minute(2),
      lastCheck: { timestamp: minute(2) },
      lastHealthyAt: minute(1),
      consecutiveFailures: 1,
      consecutiveSuccesses: 0,
      medianResponseMs: 2600,
      successRate: 2 / 3,
      routingScore: 0,
    });
    expect(last.healthScore).toBeCloseTo(0.6 * 0.95, 12);
  });

  it('route by the target of the provider', () => {
    expect(healthyStatus({ targetResponseMs: 200 }, { responseTimeMs: 200 }).routingScore).toBeCloseTo(0.7, 12);
  });

  it('route nothing to a disabled provider', () => {
    expect(healthyStatus({ enabled: false })).toMatchObject({ isHealthy: true, routingScore: 0 });
  });

  it('keep the last known median through an outage and through checks that list models', () => {
    const models = Array.from({ length: 25 }, (_, i) =>
      goodCheck({ timestamp: minute(i + 1), probe: 'models', responseTimeMs: 30, tokens: null }),
    );
    const saving = statusAfter([goodCheck({ responseTimeMs: 1000 }), ...models]);
    expect(saving).toMatchObject({ medianResponseMs: 1000, successRate: 1, lastCompletionAt: START });
    expect(saving.routingScore).toBeCloseTo(0.7, 12);

    const down = statusesAfter(sequence('slow timeout*25')).last;
    expect(down).toMatchObject({ medianResponseMs: 5000, successRate: 0, routingScore: 0 });
  });

  it('count the tokens of a UTC day, and begin anew with the next', () => {
    const check = (timestamp: string, output: number) =>
      goodCheck({ timestamp, tokens: { input: 8, output, estimated: false } });
    const today = statusAfter([check('2026-03-01T23:58:00.000Z', 1), check('2026-03-01T23:59:00.000Z', 2)]);
    expect(today.tokensToday).toEqual({ day: '2026-03-01', count: 19 });
    const tomorrow = nextStatus(today, check('2026-03-02T00:00:00.000Z', 1), provider());
    expect(tomorrow?.status.tokensToday).toEqual({ day: '2026-03-02', count: 9 });
    const failed = nextStatus(today, failedCheck('timeout', { timestamp: '2026-03-02T00:00:00.000Z' }), provider());
    expect(failed?.status.tokensToday).toEqual(today.tokensToday);
  });

  it('keep what people set by hand', () => {
    const byHand = { ...healthyStatus(), drainUntil: minute(90), maintenanceUntil: minute(60) };
    const next = nextStatus(byHand, failedCheck('timeout', { timestamp: minute(1) }), provider());
    expect(next?.status).toMatchObject({ drainUntil: minute(90), maintenanceUntil: minute(60) });
  });
});

describe('a check that is not newer than the last one (T4)', () => {
  it.each([
    ['the same time', minute(5)],
    ['a moment older', at(5 * 60_000 - 1)],
    ['an hour older', at(5 * 60_000 - 3_600_000)],
  ])('changes nothing: %s', (_, timestamp) => {
    const status = healthyStatus({}, { timestamp: minute(5) });
    expect(nextStatus(status, failedCheck('timeout', { timestamp }), provider())).toBeNull();
  });
});

describe('the age of a status', () => {
  const status = healthyStatus({ intervalSeconds: 60 });

  it('is stale when older than 3 intervals, and not before', () => {
    expect(isStale(status, new Date(at(180_000)))).toBe(false);
    expect(isStale(status, new Date(at(180_001)))).toBe(true);
  });

  it('depends on the interval of its own provider', () => {
    expect(isStale(healthyStatus({ intervalSeconds: 600 }), new Date(minute(30)))).toBe(false);
  });

  it('is never stale before the first check: unknown already says so', () => {
    expect(isStale(unknownStatus(provider(), new Date(START)), new Date(minute(60)))).toBe(false);
  });

  it('counts from the last check, not from the beginning of the state', () => {
    const steady = statusAfter([goodCheck(), goodCheck({ timestamp: minute(9) })]);
    expect(steady.since).toBe(START);
    expect(ageMs(steady, new Date(minute(10)))).toBe(60_000);
    expect(isStale(steady, new Date(minute(10)))).toBe(false);
  });

  it('T12: counts both ways, so that a last check ahead of the clock is not fresh', () => {
    expect(ageMs(status, new Date(at(1500)))).toBe(1500);
    expect(ageMs(status, new Date(at(-1500)))).toBe(1500);
    expect(isStale(status, new Date(at(-60_000)))).toBe(false);
    expect(isStale(status, new Date(at(-60_001)))).toBe(true);
    const slow = healthyStatus({ intervalSeconds: 86_400 });
    expect(isStale(slow, new Date(at(-60_001)))).toBe(true);
  });

  it('counts from the beginning of the status before the first check', () => {
    expect(ageMs(unknownStatus(provider(), new Date(START)), new Date(at(700)))).toBe(700);
  });
});

describe('a pause that was set by hand', () => {
  const paused = {
    ...healthyStatus(),
    drainUntil: minute(5),
    drainReason: 'moving',
    maintenanceUntil: minute(7),
    maintenanceReason: 'new model',
  };
  const after = (minutes: number) => nextStatus(paused, goodCheck({ timestamp: minute(minutes) }), provider())?.status;

  it('lasts until its time, and ends with the first check from then on', () => {
    expect(after(4)).toMatchObject({ drainUntil: minute(5), drainReason: 'moving', maintenanceUntil: minute(7) });
    expect(after(5)).toMatchObject({ drainUntil: null, drainReason: null, maintenanceReason: 'new model' });
    expect(after(6)).toMatchObject({ drainUntil: null, maintenanceUntil: minute(7) });
    expect(after(7)).toMatchObject({ drainUntil: null, maintenanceUntil: null, maintenanceReason: null });
  });

  it('is absent in a status without one', () => {
    const next = nextStatus(healthyStatus(), goodCheck({ timestamp: minute(1) }), provider())?.status;
    expect(next).toMatchObject({
      drainUntil: null,
      drainReason: null,
      maintenanceUntil: null,
      maintenanceReason: null,
    });
  });
});

describe('the settings in a status', () => {
  it('know the times of the last four changes of state, and none before the first', () => {
    const [first, ...others] = statusesAfter(['ok', 'timeout', 'ok', 'timeout', 'ok', 'timeout', 'ok']).statuses;
    expect(first).toMatchObject({ transitionTimes: [], blacklistTimes: [] });
    expect(others.at(-1)?.transitionTimes).toEqual([3, 4, 5, 6].map(minute));
    expect(unknownStatus(provider(), new Date(START))).toMatchObject({ transitionTimes: [], blacklistTimes: [] });
  });

  it('are brought up to date where tags differ by where one ends', () => {
    const status = healthyStatus({ tags: ['ab'] });
    expect(withPolicy(status, provider({ tags: ['ab'] }))).toBeNull();
    expect(withPolicy(healthyStatus({ tags: ['a', 'b'] }), provider({ tags: ['a', 'b'] }))).toBeNull();
    expect(withPolicy(status, provider({ tags: ['a', 'b'] }))).toMatchObject({ tags: ['a', 'b'] });
    expect(withPolicy(healthyStatus({ tags: ['a', 'bc'] }), provider({ tags: ['ab', 'c'] }))).not.toBeNull();
  });

  it('are all that is known of one that was never checked', () => {
    expect(unknownStatus(provider(), new Date(START))).toMatchObject({
      ...{ state: 'unknown', isHealthy: false, flapping: false, tokenLimitReached: false, since: START },
    });
  });
});
