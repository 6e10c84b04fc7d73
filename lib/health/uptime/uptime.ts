/**
 * Uptime, percentiles and a series for a chart, of one provider over one window. lib/history reads the
 * checks that they are made of.
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
 * The parts are whole minutes, hours or days of UTC, and few enough for a chart. A window whose parts are days begins
 * with the day that lies so many days back, today included: 90 bars are 90 days.
 */
const WINDOWS: Record<UptimeWindow, { lengthMs: number; partMs: number }> = {
  '1h': { lengthMs: HOUR_MS, partMs: MINUTE_MS },
  '24h': { lengthMs: DAY_MS, partMs: 15 * MINUTE_MS },
  '7d': { lengthMs: 7 * DAY_MS, partMs: 2 * HOUR_MS },
  '30d': { lengthMs: 30 * DAY_MS, partMs: DAY_MS },
  '90d': { lengthMs: 90 * DAY_MS, partMs: DAY_MS },
};

/** Whether the window is made of days in figures. */
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

/** What is known of a window, from all kinds of items. */
export interface Past {
  /** Days in figures, oldest first; empty for the windows that are not made of them. */
  days: readonly DayHistory[];
  /** Oldest first; earlier ones than the window's do not count. Of a day in figures, only those after its `through`. */
  observations: readonly Observation[];
}

export interface UptimePart {
  /** ISO 8601 UTC; it ends where the next begins. */
  from: string;
  /** Checks that count, those in a planned pause left out. */
  checks: number;
  /** As of the whole window. */
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
  /** Checks that count, those in a planned pause left out. */
  checks: number;
  /** Share of the checks that did not fail by the provider's fault, 0 to 100; null when there is no check. */
  uptimePercentage: number | null;
  /** Share of the checks that did not fail, 0 to 100; null when there is no check. */
  usablePercentage: number | null;
  /** Share of the window that was observed, 0 to 100. */
  coveragePercentage: number;
  /** Failed checks by category. */
  failures: Readonly<Partial<Record<Category, number>>>;
  /** Checks in a planned pause: neither uptime nor downtime. */
  maintenanceChecks: number;
  /** Of good checks; null when there is none. */
  responseTime: Percentiles | null;
  /** Of good stream checks; null when there is none. */
  firstToken: Percentiles | null;
  /** Equal parts of the window, oldest first; the first and the last reach beyond it. */
  series: UptimePart[];
}

export function uptimeOf(window: UptimeWindow, past: Past, now: Date): Uptime {
  const { fromMs, toMs } = windowAt(window, now);
  // A check made at this very moment is in the window, and ends of spans are exclusive.
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

/** Whole parts that together hold the range. */
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

/** Which part of the checks did not fail by the provider's fault, and which did not fail at all; null when there is none. */
export function sharesOf({ checks, outages, failures }: Pick<Tally, 'checks' | 'outages' | 'failures'>) {
  return { uptimePercentage: shareOf(checks - outages, checks), usablePercentage: usableOf({ checks, failures }) };
}

/** Which part of the checks did not fail; null when there is none. */
export function usableOf({ checks, failures }: Pick<Tally, 'checks' | 'failures'>): number | null {
  return shareOf(checks - Object.values(failures).reduce((sum, count) => sum + count, 0), checks);
}

function shareOf(good: number, checks: number): number | null {
  return checks === 0 ? null : percentage(good, checks);
}

/** To three decimals and never rounded up: 99.9999 is not 100. */
function percentage(part: number, whole: number): number {
  return Math.min(100, Math.floor((part * 100_000) / whole) / 1000);
}
