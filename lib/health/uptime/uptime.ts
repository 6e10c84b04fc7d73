/**
 * Computes uptime, percentiles and a series for a chart, for one provider and one window. lib/history reads the checks.
 */

import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS } from '../../base/time.ts';
import type { Category } from '../category.ts';
import type { Span } from './coverage.ts';
import { type Percentiles, percentilesOf } from './distribution.ts';
import type { DayHistory } from './history.ts';
import type { Observation } from './observation.ts';
import { comparableTimes, mergeTallies, type Tally, talliesOf } from './tally.ts';

export const UPTIME_WINDOWS = ['1h', '24h', '7d', '30d', '90d'] as const;

export type UptimeWindow = (typeof UPTIME_WINDOWS)[number];

/**
 * The length of each window, and of its parts. Parts are whole minutes, hours or days in UTC, and few enough for a chart. A
 * window with parts of a day begins at midnight and includes today: 90 bars are 90 days.
 */
const WINDOWS: Record<UptimeWindow, { lengthMs: number; partMs: number }> = {
  '1h': { lengthMs: HOUR_MS, partMs: MINUTE_MS },
  '24h': { lengthMs: DAY_MS, partMs: 15 * MINUTE_MS },
  '7d': { lengthMs: 7 * DAY_MS, partMs: 2 * HOUR_MS },
  '30d': { lengthMs: 30 * DAY_MS, partMs: DAY_MS },
  '90d': { lengthMs: 90 * DAY_MS, partMs: DAY_MS },
};

/** Whether the window is computed from days instead of checks. */
export function isMadeOfDays(window: UptimeWindow): boolean {
  return WINDOWS[window].partMs === DAY_MS;
}

/** The time that a window covers at `now`. */
export function windowAt(window: UptimeWindow, now: Date): Span {
  const { lengthMs } = WINDOWS[window];
  const toMs = now.getTime();
  const fromMs = isMadeOfDays(window) ? floorTo(toMs, DAY_MS) + DAY_MS - lengthMs : toMs - lengthMs;
  return { fromMs, toMs };
}

/** The data for a window, from all kinds of items. */
export interface Past {
  /** Days in figures, oldest first; empty for windows that are not computed from days. */
  days: readonly DayHistory[];
  /** Oldest first. Observations before the window do not count. For a day in `days`, only those after its `through`. */
  observations: readonly Observation[];
}

export interface UptimePart {
  /** ISO 8601 UTC. The part ends where the next part begins. */
  from: string;
  /** Number of checks, without those in a planned pause. */
  checks: number;
  /** The same as in {@link Uptime}, for this part. */
  uptimePercentage: number | null;
  usablePercentage: number | null;
  coveragePercentage: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

export interface Uptime {
  /** ISO 8601 UTC. */
  from: string;
  to: string;
  /** Number of checks, without those in a planned pause. */
  checks: number;
  /** Percentage of checks that did not fail by the provider's fault, 0 to 100; null when there is no check. */
  uptimePercentage: number | null;
  /** Percentage of checks that did not fail, 0 to 100; null when there is no check. */
  usablePercentage: number | null;
  /** Percentage of the window that was observed, 0 to 100. */
  coveragePercentage: number;
  /** Failed checks by category. */
  failures: Readonly<Partial<Record<Category, number>>>;
  /** Checks in a planned pause: neither uptime nor downtime. */
  maintenanceChecks: number;
  /** Percentiles of good checks; null when there is none. */
  responseTime: Percentiles | null;
  /** Percentiles of good stream checks; null when there is none. */
  firstToken: Percentiles | null;
  /** Equal parts of the window, oldest first. The first part can begin before the window, and the last end after it. */
  series: UptimePart[];
}

export function uptimeOf(window: UptimeWindow, past: Past, now: Date): Uptime {
  const { fromMs, toMs } = windowAt(window, now);
  // The end of a span is exclusive, but a check at exactly `now` belongs to the window.
  const range = { fromMs, toMs: toMs + 1 };
  const parts = partsOf(range, WINDOWS[window].partMs);
  const observed = parts.map((part) => overlap(part, range));
  const seen = talliesOf(past.observations, observed);
  const days = new Map(past.days.map(({ day, tally }) => [Date.parse(day), tally]));
  const tallies = parts.map(({ fromMs }, i) => mergeTallies([days.get(fromMs), seen[i]].filter((one) => !!one)));
  const whole = mergeTallies(tallies);
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    ...figuresOf(whole, range),
    failures: whole.failures,
    maintenanceChecks: whole.maintenance,
    responseTime: percentilesOf(comparableTimes(whole)),
    firstToken: percentilesOf(whole.firstTokens),
    series: tallies.map((tally, i) => partOf(tally, parts[i] ?? range, observed[i] ?? range)),
  };
}

/** The whole parts that together contain the range. */
function partsOf(range: Span, partMs: number): Span[] {
  const parts: Span[] = [];
  for (let fromMs = floorTo(range.fromMs, partMs); fromMs < range.toMs; fromMs += partMs) {
    parts.push({ fromMs, toMs: fromMs + partMs });
  }
  return parts;
}

function overlap(a: Span, b: Span): Span {
  return { fromMs: Math.max(a.fromMs, b.fromMs), toMs: Math.min(a.toMs, b.toMs) };
}

function partOf(tally: Tally, part: Span, observed: Span): UptimePart {
  const times = percentilesOf(comparableTimes(tally));
  return {
    from: new Date(part.fromMs).toISOString(),
    ...figuresOf(tally, observed),
    p50Ms: times?.p50Ms ?? null,
    p95Ms: times?.p95Ms ?? null,
  };
}

function figuresOf(tally: Tally, span: Span) {
  return {
    checks: tally.checks,
    ...sharesOf(tally),
    coveragePercentage: percentage(tally.observedMs, span.toMs - span.fromMs),
  };
}

/** Percentage of checks without the provider's fault, and percentage without any failure; null when there is no check. */
export function sharesOf({ checks, outages, failures }: Pick<Tally, 'checks' | 'outages' | 'failures'>) {
  return { uptimePercentage: shareOf(checks - outages, checks), usablePercentage: usableOf({ checks, failures }) };
}

/** Percentage of checks that did not fail; null when there is no check. */
export function usableOf({ checks, failures }: Pick<Tally, 'checks' | 'failures'>): number | null {
  return shareOf(checks - Object.values(failures).reduce((sum, count) => sum + count, 0), checks);
}

function shareOf(good: number, checks: number): number | null {
  return checks === 0 ? null : percentage(good, checks);
}

/** Rounded down to three decimals, so that 99.9999 does not become 100. */
function percentage(part: number, whole: number): number {
  return Math.min(100, Math.floor((part * 100_000) / whole) / 1000);
}
