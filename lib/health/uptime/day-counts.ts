/** Counts the checks of one UTC day, for the bars on the page and for Prometheus metrics. */

import { DAY_MS, floorTo } from '../../base/time.ts';
import type { Category, Fault } from '../category.ts';
import type { Tally } from './tally.ts';

export interface DayCounts {
  /** `2026-03-01`. */
  day: string;
  /** Number of checks, without those in a planned pause. */
  checks: number;
  /** Number of those checks that failed by the provider's fault: downtime. */
  outages: number;
  /** Number of failed checks, by category. */
  failures: Readonly<Partial<Record<Category, number>>>;
}

type Counted = { timestamp: string; maintenance?: boolean } & (
  | { isHealthy: true }
  | { isHealthy: false; category: Category; fault: Fault }
);

let lastTime: string | number = '';
let lastDay = '';

/** The UTC day of a time. All checks of a tick have the same time, so the last answer is cached. */
export function dayOf(time: string | number): string {
  if (time === lastTime) return lastDay;
  lastDay = new Date(time).toISOString().slice(0, 10);
  lastTime = time;
  return lastDay;
}

/** The day that is `days` days after another day; before it when `days` is negative. */
export function dayAfter(day: string, days = 1): string {
  return dayOf(Date.parse(day) + days * DAY_MS);
}

/** The last UTC day that is over. */
export function lastWholeDay(now: Date): string {
  return dayOf(floorTo(now.getTime(), DAY_MS) - DAY_MS);
}

export function emptyDay(day: string): DayCounts {
  return { day, checks: 0, outages: 0, failures: {} };
}

export function countsOfTally(day: string, { checks, outages, failures }: Tally): DayCounts {
  return { day, checks, outages, failures };
}

/**
 * The counts with one more check: of its day, and of the day before. The day before stays because the history keeper makes it
 * only some time after midnight.
 *
 * @param counts Oldest first. Days after the check's day come from a clock that was ahead; they are removed.
 */
export function countedWith(counts: readonly DayCounts[], check: Counted): DayCounts[] {
  const day = dayOf(check.timestamp);
  const known = counts.find((one) => one.day === day) ?? emptyDay(day);
  return [...counts.filter((one) => one.day === dayAfter(day, -1)), withCheck(known, check)];
}

function withCheck(counts: DayCounts, check: Counted): DayCounts {
  if (check.maintenance) return counts;
  const checks = counts.checks + 1;
  if (check.isHealthy) return { ...counts, checks };
  const { category, fault } = check;
  const failures = { ...counts.failures, [category]: (counts.failures[category] ?? 0) + 1 };
  return { ...counts, checks, outages: counts.outages + (fault === 'provider' ? 1 : 0), failures };
}
