/** Ninety days of a provider in a row of the page: from the days that are over, and from what its status has counted since. */

import type { ProviderStatus } from '../status.ts';
import { type DayCounts, dayAfter, dayOf, emptyDay, lastWholeDay } from './day-counts.ts';
import { mergeFailures } from './tally.ts';
import { sharesOf, type Uptime, type UptimePart, usableOf } from './uptime.ts';

/** Days that the page looks back, today included. */
export const DAYS_SHOWN = 90;

/** The days of a provider that are over, as the keeper has put them together. */
export interface WholeDays {
  /** The provider's id. */
  provider: string;
  /** The last day that is in; `2026-03-01`. */
  through: string;
  /** Oldest first; without days that had no checks. */
  days: readonly DayCounts[];
}

/** What a row shows of an {@link Uptime}; an uptime of 90 days is one too. */
export interface PastDays extends Pick<Uptime, 'usablePercentage' | 'failures'> {
  /** The days, today last. */
  series: readonly Pick<UptimePart, 'checks' | 'uptimePercentage' | 'usablePercentage' | 'from'>[];
}

/** The days that the page shows, oldest first. */
export function daysShown(now: Date): readonly string[] {
  const today = dayOf(now.getTime());
  return Array.from({ length: DAYS_SHOWN }, (_, i) => dayAfter(today, i + 1 - DAYS_SHOWN));
}

/**
 * @param whole Null: the keeper has put nothing together yet, so only what the status has counted is known.
 * @param shown {@link daysShown}, made once for all providers.
 */
export function pastDaysOf(
  whole: WholeDays | null,
  { dayCounts = [] }: Pick<ProviderStatus, 'dayCounts'>,
  shown: readonly string[],
): PastDays {
  const through = whole?.through ?? '';
  const since = dayCounts.filter(({ day }) => day > through);
  const byDay = new Map([...(whole?.days ?? []), ...since].map((counts) => [counts.day, counts]));
  const days = shown.map((day) => byDay.get(day) ?? emptyDay(day));
  const checks = days.reduce((sum, day) => sum + day.checks, 0);
  const failures = mergeFailures(days);
  return {
    usablePercentage: usableOf({ checks, failures }),
    failures,
    series: days.map((counts) => ({ from: `${counts.day}T00:00:00.000Z`, checks: counts.checks, ...sharesOf(counts) })),
  };
}

/**
 * As of a clock that says `now`: days that are not over were put in by a clock that was ahead, and are made again.
 */
export function withoutUnfinished(whole: WholeDays, now: Date): WholeDays {
  const last = lastWholeDay(now);
  if (whole.through <= last) return whole;
  return { ...whole, through: last, days: whole.days.filter(({ day }) => day <= last) };
}

/**
 * The days with those that came since.
 *
 * @param known Null: there were none.
 * @param days Every day with checks after `known.through`, up to `through`; oldest first.
 */
export function joinedDays(
  provider: string,
  known: WholeDays | null,
  days: readonly DayCounts[],
  through: string,
): WholeDays {
  const first = dayAfter(through, 1 - DAYS_SHOWN);
  return { provider, through, days: [...(known?.days ?? []), ...days].filter(({ day }) => day >= first) };
}
