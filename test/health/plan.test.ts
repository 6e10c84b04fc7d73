import { describe, expect, it } from 'vitest';
import type { ProbeOutcome } from '../../lib/health/check.ts';
import { isMonitorSuspect } from '../../lib/health/monitor-fault.ts';
import { unknownStatus } from '../../lib/health/next-status.ts';
import { isDue, probeKindAt } from '../../lib/health/plan.ts';
import { at, failedCheck, goodCheck, healthyStatus, minute, provider, statusAfter } from '../support/builders.ts';

describe('a provider is due', () => {
  it('when it is registered and was never checked', () => {
    expect(isDue(provider(), unknownStatus(provider(), new Date(minute(0))), new Date(minute(0)))).toBe(true);
  });

  it.each([
    { what: 'when it was never checked', checkedAt: null, tick: minute(0), due: true },
    { what: 'one interval after its last check', checkedAt: minute(0), tick: minute(1), due: true },
    { what: 'not in the tick that checked it (T4)', checkedAt: minute(1), tick: minute(1), due: false },
    { what: 'not in an older tick that comes late (T4)', checkedAt: minute(2), tick: minute(1), due: false },
    {
      what: 'in the next interval, however short ago a manual check was',
      checkedAt: at(59_900),
      tick: minute(1),
      due: true,
    },
    { what: 'not again in the interval of a manual check', checkedAt: at(60_100), tick: at(90_000), due: false },
    { what: 'after a pause of the monitor, once', checkedAt: minute(0), tick: minute(600), due: true },
  ])('$what', ({ checkedAt, tick, due }) => {
    const status = checkedAt === null ? null : healthyStatus({}, { timestamp: checkedAt });
    expect(isDue(provider(), status, new Date(tick))).toBe(due);
  });

  it('on every fifth tick of a minute when its interval is five minutes', () => {
    const config = provider({ intervalSeconds: 300 });
    let status = healthyStatus({}, { timestamp: minute(0) });
    const due: number[] = [];
    for (let i = 1; i <= 12; i++) {
      if (!isDue(config, status, new Date(minute(i)))) continue;
      due.push(i);
      status = healthyStatus({}, { timestamp: minute(i) });
    }
    expect(due).toEqual([5, 10]);
  });

  it('never while it is disabled', () => {
    expect(isDue(provider({ enabled: false }), null, new Date(minute(0)))).toBe(false);
  });

  it('in every state (T7)', () => {
    const down = statusAfter([0, 1, 2].map((i) => failedCheck('timeout', { timestamp: minute(i) })));
    expect(down.state).toBe('blacklisted');
    expect(isDue(provider(), down, new Date(minute(3)))).toBe(true);
  });
});

describe('a check sends', () => {
  const thrifty = provider({ completionEverySeconds: 600 });

  it('the real request where none was sent yet', () => {
    const never = { ...healthyStatus(), lastCompletionAt: null };
    expect(probeKindAt(thrifty, never, new Date(minute(1)))).toBe('completion');
  });

  it.each(['completion', 'stream', 'models'] as const)('what is configured: %s', (probe) => {
    expect(probeKindAt(provider({ probe }), null, new Date(minute(0)))).toBe(probe);
    expect(probeKindAt(provider({ probe }), healthyStatus(), new Date(minute(1)))).toBe(probe);
  });

  it('models in the ticks between two completions', () => {
    const kinds = [1, 9, 10, 11].map((i) => probeKindAt(thrifty, healthyStatus(), new Date(minute(i))));
    expect(kinds).toEqual(['models', 'models', 'completion', 'completion']);
  });

  it('the real request to a provider that is down, so that its recovery is real', () => {
    expect(probeKindAt(thrifty, statusAfter([failedCheck('timeout')]), new Date(minute(1)))).toBe('completion');
  });

  it('models once the tokens of the UTC day are used up, even to a provider that is down', () => {
    const config = provider({ maxTokensPerDay: 9 });
    const spent = statusAfter([goodCheck(), failedCheck('timeout', { timestamp: minute(1) })], config);
    expect(spent.tokenLimitReached).toBe(true);
    expect(probeKindAt(config, spent, new Date(minute(2)))).toBe('models');
    expect(probeKindAt(config, spent, new Date('2026-03-02T00:00:00.000Z'))).toBe('completion');
  });

  it('the configured probe while tokens are left', () => {
    const config = provider({ maxTokensPerDay: 10 });
    const status = statusAfter([goodCheck()], config);
    expect(status.tokenLimitReached).toBe(false);
    expect(probeKindAt(config, status, new Date(minute(1)))).toBe('completion');
  });
});

describe('the monitor suspects itself', () => {
  const network = (count: number) => Array.from({ length: count }, () => failedCheck('connect'));
  const unasked = (count: number) => Array.from({ length: count }, () => failedCheck('config', { statusCode: null }));
  const others = (count: number) => Array.from({ length: count }, () => goodCheck());

  it.each<{ what: string; outcomes: ProbeOutcome[]; suspect: boolean }>([
    { what: 'nothing was probed', outcomes: [], suspect: false },
    { what: 'all is well', outcomes: others(5), suspect: false },
    { what: '79 of 100 fail by the network', outcomes: [...network(79), ...others(21)], suspect: false },
    { what: '80 of 100 fail by the network', outcomes: [...network(80), ...others(20)], suspect: true },
    { what: '4 of 5 fail by the network', outcomes: [...network(4), ...others(1)], suspect: true },
    { what: 'the only one fails by the network', outcomes: network(1), suspect: true },
    {
      what: 'those that could be asked fail by the network, and most have no key',
      outcomes: [...network(2), ...unasked(8)],
      suspect: true,
    },
    { what: 'none could be asked', outcomes: unasked(3), suspect: false },
    {
      what: 'half of those that could be asked fail by the network',
      outcomes: [...network(1), ...others(1), ...unasked(8)],
      suspect: false,
    },
    {
      what: 'all fail, but with answers',
      outcomes: [failedCheck('server_error'), failedCheck('auth')],
      suspect: false,
    },
    {
      what: 'all fail by one or another of the four network kinds',
      outcomes: (['dns', 'connect', 'tls', 'timeout'] as const).map((category) => failedCheck(category)),
      suspect: true,
    },
  ])('when $what: $suspect', ({ outcomes, suspect }) => {
    expect(isMonitorSuspect(outcomes)).toBe(suspect);
  });
});
