import { describe, expect, it } from 'vitest';
import type { Observation } from '../../lib/api/history.ts';
import { rangeOf, UPTIME_WINDOWS, uptimeOf } from '../../lib/api/uptime.ts';
import type { Category } from '../../lib/health/category.ts';
import { faultOf } from '../../lib/health/category.ts';
import { minute } from '../support/builders.ts';

const INTERVAL_MS = 60_000;
const NOW = new Date(minute(60));

function seen(minutes: number, fields: Partial<Observation> & { category?: Category } = {}): Observation {
  const { category, ...rest } = fields;
  const failure = category ? { category, fault: faultOf(category) } : null;
  return { timestamp: minute(minutes), failure, responseTimeMs: 200, firstTokenMs: null, probe: 'completion', ...rest };
}

const hour = (observations: readonly Observation[]) => uptimeOf(observations, '1h', rangeOf('1h', NOW), INTERVAL_MS);
const everyMinute = Array.from({ length: 60 }, (_, i) => seen(i));

describe('uptime', () => {
  it.each<[Category, number, number]>([
    ['timeout', 98.333, 98.333],
    ['server_error', 98.333, 98.333],
    ['auth', 100, 98.333],
    ['rate_limited', 100, 98.333],
  ])('one %s in 60 checks leaves %s up and %s usable', (category, up, usable) => {
    const report = hour([...everyMinute.slice(1), seen(0.5, { category })]);
    expect(report).toMatchObject({ uptimePercentage: up, usablePercentage: usable, failures: { [category]: 1 } });
  });

  it('is never rounded up to perfection', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => seen(i / 4000));
    expect(hour([...many, seen(59, { category: 'timeout' })]).uptimePercentage).toBe(99.999);
  });

  it('is not known without checks', () => {
    expect(hour([])).toMatchObject({
      checks: 0,
      uptimePercentage: null,
      usablePercentage: null,
      coveragePercentage: 0,
      responseTime: null,
      firstToken: null,
    });
  });
});

describe('coverage', () => {
  it.each([
    ['a check every minute', everyMinute, 100],
    ['the second half only', everyMinute.slice(30), 50],
    [
      'a gap of 20 minutes, of which the last check covers one and a half',
      everyMinute.filter((_, i) => i < 20 || i >= 40),
      67.5,
    ],
    ['one check', [seen(30)], 2.5],
    ['no check', [], 0],
  ])('of %s', (_, observations, expected) => {
    expect(hour(observations).coveragePercentage).toBe(expected);
  });
});

describe('percentiles', () => {
  it('are response times that were measured, of good checks', () => {
    const observations = Array.from({ length: 100 }, (_, i) => seen(i / 2, { responseTimeMs: i + 1 }));
    const failed = seen(59, { category: 'timeout', responseTimeMs: 10_000 });
    expect(hour([...observations, failed]).responseTime).toEqual({ p50Ms: 50, p90Ms: 90, p95Ms: 95, p99Ms: 99 });
  });

  it('leave out lists of models where answers were asked for too', () => {
    const listing = [seen(1, { probe: 'models', responseTimeMs: 5 }), seen(2, { probe: 'models', responseTimeMs: 7 })];
    expect(hour([...listing, seen(3)]).responseTime).toMatchObject({ p50Ms: 200, p99Ms: 200 });
    expect(hour(listing).responseTime).toMatchObject({ p50Ms: 5, p99Ms: 7 });
  });

  it('of the first token are those of streams', () => {
    expect(hour([seen(1), seen(2, { probe: 'stream', firstTokenMs: 90 })]).firstToken).toMatchObject({ p50Ms: 90 });
  });
});

describe('the series', () => {
  it.each(UPTIME_WINDOWS)('of %s covers the window in equal parts of UTC, each check in one of them', (window) => {
    const range = rangeOf(window, NOW);
    const { series } = uptimeOf(everyMinute, window, range, INTERVAL_MS);
    const starts = series.map(({ from }) => Date.parse(from));
    const [first = 0, second = 0] = starts;
    expect(new Set(starts.slice(1).map((start, i) => start - (starts[i] ?? 0)))).toEqual(new Set([second - first]));
    expect(first % (second - first)).toBe(0);
    expect(first).toBeLessThanOrEqual(Date.parse(range.from));
    expect((starts.at(-1) ?? 0) + second - first).toBeGreaterThan(Date.parse(range.to));
    expect(series.length).toBeLessThanOrEqual(122);
    expect(series.reduce((sum, part) => sum + part.checks, 0)).toBe(60);
  });

  it('shows where nobody looked as unknown, not as up or down', () => {
    const { series } = hour([seen(30)]);
    expect(series.filter(({ checks }) => checks === 0).every((part) => part.uptimePercentage === null)).toBe(true);
    expect(series.find(({ checks }) => checks === 1)).toMatchObject({
      from: minute(30),
      uptimePercentage: 100,
      p50Ms: 200,
    });
  });
});
