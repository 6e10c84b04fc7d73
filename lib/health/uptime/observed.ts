/** Finds the part of a window in which a provider was monitored. Time before its first check is not a gap. */

import { UPTIME_WINDOWS, type Uptime, type UptimePart, type UptimeWindow, windowAt } from './uptime.ts';

/** The parts from the first one with a check; empty when no part has one. */
export function observedSeries<Part extends Pick<UptimePart, 'checks'>>({
  series,
}: {
  series: readonly Part[];
}): Part[] {
  const first = series.findIndex(({ checks }) => checks > 0);
  return first < 0 ? [] : series.slice(first);
}

/**
 * The start of the part that contains the first check, ISO 8601 UTC; null when the longest window has no check. A shorter window
 * has shorter parts, so it gives a more exact time if its first check is in the part that the longer window found.
 *
 * @param windows Longest first.
 */
export function observedSince([longest, ...shorter]: readonly Uptime[]): string | null {
  if (longest === undefined) return null;
  let [first, next] = observedSeries(longest);
  for (const uptime of shorter) {
    const [finer, afterFiner] = observedSeries(uptime);
    if (first === undefined || finer === undefined || finer.from < first.from) break;
    if (next !== undefined && finer.from >= next.from) break;
    [first, next] = [finer, afterFiner];
  }
  return first?.from ?? null;
}

/** The windows that differ: all windows up to the first one that contains all checks. Longer ones would show the same. */
export function usefulWindows(since: string | null, now: Date): readonly UptimeWindow[] {
  const sinceMs = since === null ? now.getTime() : Date.parse(since);
  const whole = UPTIME_WINDOWS.findIndex((window) => windowAt(window, now).fromMs <= sinceMs);
  return whole < 0 ? UPTIME_WINDOWS : UPTIME_WINDOWS.slice(0, whole + 1);
}
