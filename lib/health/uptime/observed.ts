/** The part of a window in which a provider was monitored: what came before its first check is no gap. */

import { UPTIME_WINDOWS, type Uptime, type UptimePart, type UptimeWindow, windowAt } from './uptime.ts';

/** From the first part with a check on; empty when there is none. */
export function observedSeries<Part extends Pick<UptimePart, 'checks'>>({
  series,
}: {
  series: readonly Part[];
}): Part[] {
  const first = series.findIndex(({ checks }) => checks > 0);
  return first < 0 ? [] : series.slice(first);
}

/**
 * When the first observed check was, as exactly as the windows say; null when there was none in the longest of them. A
 * shorter window has shorter parts: it says more where it looks into the part that a longer one found.
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

/** The windows that say something of their own: those that reach back no further than needed to hold all that was observed. */
export function usefulWindows(since: string | null, now: Date): readonly UptimeWindow[] {
  const sinceMs = since === null ? now.getTime() : Date.parse(since);
  const whole = UPTIME_WINDOWS.findIndex((window) => windowAt(window, now).fromMs <= sinceMs);
  return whole < 0 ? UPTIME_WINDOWS : UPTIME_WINDOWS.slice(0, whole + 1);
}
