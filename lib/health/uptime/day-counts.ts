/** The checks of one UTC day as numbers: what a bar of the page shows, and what a scrape counts. */

import { DAY_MS, floorTo } from '../../base/time.ts';
import type { Category, Fault } from '../category.ts';
import type { Tally } from './tally.ts';

export interface DayCounts {
  /** `2026-03-01`. */
  day: string;
  /** Checks that count, those in a planned pause left out. */
  checks: number;
  /** Of those, the ones that failed by the provider's fault: downtime. */
  outages: number;
  /** Of those, the failed ones by category. */
  failures: Readonly<Partial<Record<Category, number>>>;
}

type Counted = { timestamp: string; maintenance?: boolean } & (
  | { isHealthy: true }
  | { isHealthy: false; category: Category; fault: Fault }
);

let lastTime: string | number = '';
let lastDay = '';

/** The UTC day of a time. All checks of a tick have the same time, so the last answer is remembered. */
export function dayOf(time: string | number): string {
  if (time === lastTime) return lastDay;
  lastDay = new Date(time).toISOString().slice(0, 10);
  lastTime = time;
  return lastDay;
}

/** The day that lies so many days after another; before it when negative. */
export function dayAfter(day: string, days = 1): string {
  return dayOf(Date.parse(day) + days * DAY_MS);
}

/** The last day that is over. */
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
 * The counts with one more check: of its day, and of the day before, which the keeper makes only some time after midnight.
 *
 * @param counts Oldest first. Days after the check's were counted by a clock that was ahead, and go.
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
