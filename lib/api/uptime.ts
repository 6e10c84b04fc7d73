/** Uptime, percentiles and a series for a chart, of one provider over one window. Pure; history.ts gives it the past. */

import type { Category } from '../health/category.ts';
import type { TimeRange } from '../store/store.ts';
import type { Observation } from './history.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const UPTIME_WINDOWS = ['1h', '24h', '7d', '30d', '90d'] as const;

export type UptimeWindow = (typeof UPTIME_WINDOWS)[number];

/** The parts are whole minutes, hours or days of UTC, and few enough for a chart as wide as a telephone. */
const WINDOWS: Record<UptimeWindow, { lengthMs: number; partMs: number }> = {
  '1h': { lengthMs: HOUR_MS, partMs: MINUTE_MS },
  '24h': { lengthMs: DAY_MS, partMs: 15 * MINUTE_MS },
  '7d': { lengthMs: 7 * DAY_MS, partMs: 2 * HOUR_MS },
  '30d': { lengthMs: 30 * DAY_MS, partMs: 6 * HOUR_MS },
  '90d': { lengthMs: 90 * DAY_MS, partMs: DAY_MS },
};

/** How much longer than its interval a check may be the newest before the time after it counts as unobserved. */
const GAP_FACTOR = 1.5;

export interface Percentiles {
  p50Ms: number;
  p90Ms: number;
  p95Ms: number;
  p99Ms: number;
}

export interface UptimePart {
  /** ISO 8601 UTC; it ends where the next begins. */
  from: string;
  checks: number;
  uptimePercentage: number | null;
  usablePercentage: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
}

export interface UptimeReport extends TimeRange {
  checks: number;
  /** Share of checks that did not fail by the provider's fault, 0 to 100; null when there is no check. */
  uptimePercentage: number | null;
  /** Share of checks that did not fail, 0 to 100; null when there is no check. */
  usablePercentage: number | null;
  /** Share of the window that was observed, 0 to 100. */
  coveragePercentage: number;
  failures: Partial<Record<Category, number>>;
  /** Of good checks; null when there is none. */
  responseTime: Percentiles | null;
  firstToken: Percentiles | null;
  /** Equal parts of the window, oldest first. */
  series: UptimePart[];
}

/** The range of a window that ends now. */
export function rangeOf(window: UptimeWindow, now: Date): TimeRange {
  return { from: new Date(now.getTime() - WINDOWS[window].lengthMs).toISOString(), to: now.toISOString() };
}

/**
 * @param observations Those of `range`, oldest first.
 * @param intervalMs Time between two scheduled checks of the provider.
 */
export function uptimeOf(
  observations: readonly Observation[],
  window: UptimeWindow,
  range: TimeRange,
  intervalMs: number,
): UptimeReport {
  const comparable = comparableOf(observations);
  return {
    ...range,
    checks: observations.length,
    ...sharesOf(observations),
    coveragePercentage: coverageOf(observations, range, intervalMs),
    failures: failuresOf(observations),
    responseTime: percentilesOf(comparable.map(({ responseTimeMs }) => responseTimeMs)),
    firstToken: percentilesOf(comparable.flatMap(({ firstTokenMs }) => firstTokenMs ?? [])),
    series: seriesOf(observations, range, WINDOWS[window].partMs),
  };
}

function sharesOf(observations: readonly Observation[]) {
  const { length } = observations;
  if (length === 0) return { uptimePercentage: null, usablePercentage: null };
  const failed = observations.filter(({ failure }) => failure !== null);
  const outages = failed.filter(({ failure }) => failure?.fault === 'provider');
  return {
    uptimePercentage: percentage(length - outages.length, length),
    usablePercentage: percentage(length - failed.length, length),
  };
}

/** Listing models is faster than answering, so where both were asked for, only answers are compared. */
function comparableOf(observations: readonly Observation[]): Observation[] {
  const good = observations.filter(({ failure }) => failure === null);
  const answers = good.filter(({ probe }) => probe !== 'models');
  return answers.length > 0 ? answers : good;
}

function failuresOf(observations: readonly Observation[]): Partial<Record<Category, number>> {
  const counts: Partial<Record<Category, number>> = {};
  for (const { failure } of observations) {
    if (failure) counts[failure.category] = (counts[failure.category] ?? 0) + 1;
  }
  return counts;
}

/** Time is observed from one check to the next, unless that comes late: then for one interval and a half. */
function coverageOf(observations: readonly Observation[], range: TimeRange, intervalMs: number): number {
  const fromMs = Date.parse(range.from);
  const toMs = Date.parse(range.to);
  const most = GAP_FACTOR * intervalMs;
  const times = observations.map(({ timestamp }) => Date.parse(timestamp));
  const [first] = times;
  if (first === undefined) return 0;
  // The check before the window's first one lies outside; it covered the window's beginning if it came in time.
  const head = first - fromMs <= most ? first - fromMs : 0;
  const rest = times.map((time, i) => Math.min(most, (times[i + 1] ?? toMs) - time));
  return percentage(
    rest.reduce((sum, ms) => sum + ms, head),
    toMs - fromMs,
  );
}

function seriesOf(observations: readonly Observation[], range: TimeRange, partMs: number): UptimePart[] {
  const firstMs = floorTo(Date.parse(range.from), partMs);
  const parts: Observation[][] = [];
  for (let startMs = firstMs; startMs <= Date.parse(range.to); startMs += partMs) parts.push([]);
  for (const observation of observations) {
    parts[(floorTo(Date.parse(observation.timestamp), partMs) - firstMs) / partMs]?.push(observation);
  }
  return parts.map((part, i) => {
    const times = percentilesOf(comparableOf(part).map(({ responseTimeMs }) => responseTimeMs));
    return {
      from: new Date(firstMs + i * partMs).toISOString(),
      checks: part.length,
      ...sharesOf(part),
      p50Ms: times?.p50Ms ?? null,
      p95Ms: times?.p95Ms ?? null,
    };
  });
}

function percentilesOf(values: readonly number[]): Percentiles | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return {
    p50Ms: nearestRank(sorted, 0.5),
    p90Ms: nearestRank(sorted, 0.9),
    p95Ms: nearestRank(sorted, 0.95),
    p99Ms: nearestRank(sorted, 0.99),
  };
}

/** The smallest value that at least this share does not exceed: always one that was measured. */
function nearestRank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** To three decimals, so that 99.999 is not rounded to perfection. */
function percentage(part: number, whole: number): number {
  return Math.floor((part / whole) * 100_000) / 1000;
}

function floorTo(ms: number, stepMs: number): number {
  return Math.floor(ms / stepMs) * stepMs;
}
