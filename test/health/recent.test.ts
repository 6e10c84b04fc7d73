import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeKind } from '../../lib/health/provider.ts';
import { addCheck, figuresOf, isSlow, NO_CHECKS, type RecentChecks } from '../../lib/health/recent.ts';
import { failedCheck, goodCheck } from '../support/builders.ts';

/** A number is a good check of so many milliseconds, null a failed one. */
function recentOf(checks: readonly (number | null)[]): RecentChecks {
  return checks.reduce<RecentChecks>(
    (recent, ms) =>
      addCheck(recent, ms === null ? failedCheck('timeout') : goodCheck({ responseTimeMs: ms }), 'completion'),
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
    const recent = addCheck(NO_CHECKS, goodCheck({ probe, responseTimeMs: 200 }), usual);
    expect(recent).toEqual({ responseTimesMs: [expected], isHealthy: [true] });
  });

  it('are not changed by adding one', () => {
    const before = recentOf([1, 2]);
    addCheck(before, goodCheck(), 'completion');
    expect(before).toEqual(recentOf([1, 2]));
  });

  it('stay parallel whatever comes', () => {
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
    expect(figuresOf(recentOf(checks))).toEqual(figures);
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
    expect(isSlow(recentOf(checks))).toBe(slow);
  });
});
