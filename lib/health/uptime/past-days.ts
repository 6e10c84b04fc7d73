/** The last 90 days of a provider, for its row on the page: finished days from history, and the counts of its status. */

import type { ProviderStatus } from '../status.ts';
import { type DayCounts, dayAfter, dayOf, emptyDay, lastWholeDay } from './day-counts.ts';
import { mergeFailures } from './tally.ts';
import { sharesOf, type Uptime, type UptimePart, usableOf } from './uptime.ts';

/** The number of days that the page shows, today included. */
export const DAYS_SHOWN = 90;

/** The finished days of a provider, as the keeper collected them. */
export interface WholeDays {
  /** The provider's id. */
  provider: string;
  /** The last day that is included; `2026-03-01`. */
  through: string;
  /** Oldest first; without days that had no checks. */
  days: readonly DayCounts[];
}

/** The part of an {@link Uptime} of 90 days that a row of the page shows. */
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
 * @param whole Null: the keeper has not collected any day yet, so only the counts of the status are used.
 * @param shown The result of {@link daysShown}, computed once for all providers.
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
 * Removes days that are not over at `now`. A process with a clock that was ahead added them; they will be made again.
 */
export function withoutUnfinished(whole: WholeDays, now: Date): WholeDays {
  const last = lastWholeDay(now);
  if (whole.through <= last) return whole;
  return { ...whole, through: last, days: whole.days.filter(({ day }) => day <= last) };
}

/**
 * Adds new days to the known ones, and removes days that the page no longer shows.
 *
 * @param known Null: no days are known.
 * @param days All days with checks after `known.through`, up to `through`; oldest first.
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
