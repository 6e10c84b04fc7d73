import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeKind } from '../../lib/health/provider.ts';
import { addCheck, figuresOf, isSlow, NO_CHECKS, type RecentChecks, usualMs } from '../../lib/health/recent.ts';
import { failedCheck, goodCheck, provider } from '../support/builders.ts';

/** A number is a good check with this response time in milliseconds, null a failed one. */
function recentOf(checks: readonly (number | null)[]): RecentChecks {
  return checks.reduce<RecentChecks>(
    (recent, ms) =>
      addCheck(recent, ms === null ? failedCheck('timeout') : goodCheck({ responseTimeMs: ms }), provider()),
    NO_CHECKS,
  );
}

const times = (ms: number, count: number) => Array.from({ length: count }, () => ms);

describe('the recent checks', () => {
  it('are the last 20, oldest first', () => {
    const recent = recentOf(Array.from({ length: 25 }, (_, i) => i));
    expect(recent.responseTimesMs).toEqual(Array.from({ length: 20 }, (_, i) => i + 5));
    expect(recent.isHealthy).toHaveLength(20);
  });

  it('keep no response time of a failed check', () => {
    expect(recentOf([100, null, 300])).toEqual({
      responseTimesMs: [100, null, 300],
      isHealthy: [true, false, true],
    });
  });

  it.each<[ProbeKind, ProbeKind, number | null]>([
    ['completion', 'completion', 200],
    ['models', 'completion', null],
    ['models', 'models', 200],
    ['completion', 'stream', null],
  ])('take the time of a %s check of a provider usually probed by %s as %s', (probe, usual, expected) => {
    const recent = addCheck(NO_CHECKS, goodCheck({ probe, responseTimeMs: 200 }), provider({ probe: usual }));
    expect(recent).toEqual({ responseTimesMs: [expected], isHealthy: [true] });
  });

  it('are not changed by adding one', () => {
    const before = recentOf([1, 2]);
    addCheck(before, goodCheck(), provider());
    expect(before).toEqual(recentOf([1, 2]));
  });

  it('stay parallel for any checks', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(10_000))), (checks) => {
        const recent = recentOf(checks);
        expect(recent.responseTimesMs.length).toBe(recent.isHealthy.length);
        expect(recent.isHealthy.length).toBe(Math.min(20, checks.length));
      }),
    );
  });
});

describe('their figures', () => {
  it.each([
    { checks: [], medianResponseMs: null, successRate: 0 },
    { checks: [300], medianResponseMs: 300, successRate: 1 },
    { checks: [100, 900], medianResponseMs: 500, successRate: 1 },
    { checks: [900, 100, 200], medianResponseMs: 200, successRate: 1 },
    { checks: [null, null], medianResponseMs: null, successRate: 0 },
    { checks: [400, null, null, null], medianResponseMs: 400, successRate: 0.25 },
    { checks: [1000, 9, 80], medianResponseMs: 80, successRate: 1 },
  ])('of $checks are a median of $medianResponseMs ms and a success rate of $successRate', ({ checks, ...figures }) => {
    expect(figuresOf(recentOf(checks))).toMatchObject(figures);
  });
});

describe('being slow', () => {
  it.each([
    { what: 'nothing known', checks: [], slow: false },
    { what: 'always fast', checks: times(200, 20), slow: false },
    { what: '2 of the last 5 slow', checks: [...times(200, 10), 1001, 1001, 200, 200, 200], slow: false },
    { what: '3 of the last 5 slow', checks: [...times(200, 10), 1001, 200, 1001, 200, 1001], slow: true },
    { what: 'three times its usual, but within a second', checks: [...times(200, 10), ...times(1000, 5)], slow: false },
    {
      what: 'over a second, but within three times its usual',
      checks: [...times(900, 10), ...times(2700, 5)],
      slow: false,
    },
    { what: 'over three times a usual above a second', checks: [...times(900, 10), ...times(2701, 3)], slow: true },
    { what: 'always slow, so that it is its usual', checks: times(8000, 20), slow: false },
    {
      what: 'slow and failing: failures are not slow',
      checks: [...times(200, 10), null, null, 5000, null, 5000],
      slow: false,
    },
    { what: 'slow for 10 checks: not yet its own excuse', checks: [...times(200, 10), ...times(5000, 10)], slow: true },
    { what: 'too few earlier checks to know what is usual', checks: [200, 200, ...times(5000, 3)], slow: false },
    {
      what: 'few earlier checks, the fast ones in the majority',
      checks: [...times(200, 4), ...times(5000, 3)],
      slow: true,
    },
  ])('with $what is $slow', ({ checks, slow }) => {
    expect(isSlow(recentOf(checks), provider())).toBe(slow);
  });

  it.each([
    {
      what: 'an own threshold below a second',
      degradedAboveMs: 400,
      checks: [...times(200, 10), ...times(401, 3)],
      slow: true,
    },
    {
      what: 'an own threshold that is met',
      degradedAboveMs: 400,
      checks: [...times(200, 10), ...times(400, 5)],
      slow: false,
    },
    {
      what: 'an own threshold above three times its usual',
      degradedAboveMs: 9000,
      checks: [...times(900, 10), ...times(8000, 5)],
      slow: false,
    },
    {
      what: 'an own threshold, two of five',
      degradedAboveMs: 400,
      checks: [...times(200, 10), 401, 401, 200, 200, 200],
      slow: false,
    },
  ])('with $what is $slow', ({ degradedAboveMs, checks, slow }) => {
    expect(isSlow(recentOf(checks), provider({ degradedAboveMs }))).toBe(slow);
  });

  it('keeps the first token of the very first check, and nothing before it', () => {
    const policy = { ...provider(), degradedFirstTokenAboveMs: 100 };
    const check = goodCheck({ timings: { ...goodCheck().timings, firstTokenMs: 70 } });
    expect(addCheck(NO_CHECKS, check, policy).firstTokensMs).toEqual([70]);
  });

  it('looks at the first tokens where they have a threshold, and keeps them only then', () => {
    const config = provider({ probe: 'stream', degradedFirstTokenAboveMs: 300 });
    const streamed = (firstTokenMs: number) => {
      const check = goodCheck({ probe: 'stream', responseTimeMs: 900 });
      return { ...check, timings: { ...check.timings, firstTokenMs } };
    };
    const after = (firstTokens: number[], settings = config) =>
      firstTokens.reduce((recent, ms) => addCheck(recent, streamed(ms), settings), NO_CHECKS);
    expect(after([1, 2, 3, 301, 302, 303]).firstTokensMs).toEqual([2, 3, 301, 302, 303]);
    expect(isSlow(after([1, 2, 3, 301, 302, 303]), config)).toBe(true);
    expect(isSlow(after([1, 2, 3, 301, 302, 300]), config)).toBe(false);
    expect(after([301, 302, 303], provider({ probe: 'stream' }))).not.toHaveProperty('firstTokensMs');
  });
});

describe('the typical response time', () => {
  const typical = (...checks: (number | null)[]) => figuresOf(recentOf(checks)).typicalResponseMs;

  it('R7: is not moved by one slow answer, is all of it after three, and is back after four usual ones', () => {
    const usual = times(280, 15);
    expect(typical(...usual, 1400)).toBe(280);
    expect(typical(...usual, 1400, 1400)).toBe(840);
    expect(typical(...usual, 1400, 1400, 1400)).toBe(1400);
    expect(typical(...usual, ...times(1400, 10), 280, 280, 280)).toBe(840);
    expect(typical(...usual, ...times(1400, 10), ...times(280, 4))).toBe(280);
  });

  it('is of the good answers only, the median while they are few, and null without one', () => {
    expect(typical(...times(200, 5), null, null, null)).toBe(200);
    expect(typical(100, 900)).toBe(500);
    expect(typical(100, 300, 900)).toBe(300);
    expect(typical(null)).toBeNull();
  });

  it('never falls when an answer is slower', () => {
    const some = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(some, fc.nat(19), fc.nat(10_000), (checks, place, more) => {
        const slower = checks.map((ms, i) => (i === place % checks.length ? ms + more : ms));
        expect(typical(...slower) ?? 0).toBeGreaterThanOrEqual(typical(...checks) ?? 0);
      }),
    );
  });
});

describe('the usual response time', () => {
  it('is the median before the last five checks, so that a slow-down is not its own excuse', () => {
    expect(usualMs(recentOf([...times(280, 15), ...times(2000, 5)]))).toBe(280);
    expect(usualMs(recentOf([100, 300]))).toBe(200);
    expect(usualMs(NO_CHECKS)).toBeNull();
  });

  it('is the median of all while fewer than five were answered before the last five', () => {
    expect(usualMs(recentOf([...times(100, 5), ...times(900, 5)]))).toBe(100);
    expect(usualMs(recentOf([...times(100, 4), ...times(900, 5)]))).toBe(900);
    expect(usualMs(recentOf([null, ...times(100, 4), ...times(900, 5)]))).toBe(900);
  });
});
