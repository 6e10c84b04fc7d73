import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthScore, routingScore } from '../../lib/health/score.ts';

describe('the health score', () => {
  it.each([
    [0, true, 1],
    [250, true, 0.85],
    [500, true, 0.7],
    [1000, true, 0.4],
    [5000, true, 0.4],
    [0, false, 0.6],
    [500, false, 0.3],
    [1000, false, 0],
    [60_000, false, 0],
  ])('of %d ms with isHealthy %s is %d', (responseTimeMs, isHealthy, expected) => {
    expect(healthScore({ responseTimeMs, isHealthy })).toBeCloseTo(expected, 12);
  });

  it('is the formula to the last bit, for any check', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.boolean(), (responseTimeMs, isHealthy) => {
        const formula = 0.6 * Math.max(0, 1 - responseTimeMs / 1000) + 0.4 * (isHealthy ? 1 : 0);
        expect(healthScore({ responseTimeMs, isHealthy })).toBe(formula);
      }),
    );
  });

  it('stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true }), fc.boolean(), (responseTimeMs, isHealthy) => {
        const score = healthScore({ responseTimeMs, isHealthy });
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('has the trap that a fast failure outscores a slow answer', () => {
    const failedFast = healthScore({ responseTimeMs: 10, isHealthy: false });
    const answeredSlowly = healthScore({ responseTimeMs: 2000, isHealthy: true });
    expect(failedFast).toBeGreaterThan(answeredSlowly);
  });

  it('has the trap that above a second all healthy ones tie', () => {
    expect(healthScore({ responseTimeMs: 1001, isHealthy: true })).toBe(
      healthScore({ responseTimeMs: 30_000, isHealthy: true }),
    );
  });
});

describe('the routing score', () => {
  it.each([
    { typicalResponseMs: 0, successRate: 1, target: 1000, expected: 1 },
    { typicalResponseMs: 1000, successRate: 1, target: 1000, expected: 0.7 },
    { typicalResponseMs: 3000, successRate: 1, target: 1000, expected: 0.55 },
    { typicalResponseMs: 3000, successRate: 1, target: 3000, expected: 0.7 },
    { typicalResponseMs: 1000, successRate: 0.5, target: 1000, expected: 0.5 },
    { typicalResponseMs: null, successRate: 0, target: 1000, expected: 0 },
    { typicalResponseMs: null, successRate: 1, target: 1000, expected: 0.4 },
  ])(
    'of typically $typicalResponseMs ms and a success rate of $successRate at a target of $target ms is $expected',
    ({ target, expected, ...figures }) => {
      expect(routingScore(figures, target)).toBeCloseTo(expected, 12);
    },
  );

  const figures = fc.record({
    typicalResponseMs: fc.double({ min: 0, max: 3_600_000, noNaN: true }),
    successRate: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const target = fc.integer({ min: 1, max: 60_000 });

  it('stays within 0 and 1', () => {
    fc.assert(
      fc.property(figures, target, (one, targetResponseMs) => {
        const score = routingScore(one, targetResponseMs);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('never rises with the response time and never falls with the success rate', () => {
    fc.assert(
      fc.property(figures, figures, target, (a, b, targetResponseMs) => {
        const slower = { ...a, typicalResponseMs: a.typicalResponseMs + b.typicalResponseMs };
        const surer = { ...a, successRate: Math.max(a.successRate, b.successRate) };
        expect(routingScore(slower, targetResponseMs)).toBeLessThanOrEqual(routingScore(a, targetResponseMs));
        expect(routingScore(surer, targetResponseMs)).toBeGreaterThanOrEqual(routingScore(a, targetResponseMs));
      }),
    );
  });

  it('has no cliff: healthy providers above a second still differ', () => {
    const score = (typicalResponseMs: number) => routingScore({ typicalResponseMs, successRate: 1 }, 1000);
    expect(score(1001)).toBeGreaterThan(score(1002));
    expect(score(20_000)).toBeGreaterThan(score(20_001));
    expect(score(999) - score(1001)).toBeLessThan(0.001);
  });
});
