/** Which time was observed. Time that was not is neither uptime nor downtime. */

import type { Observation } from './observation.ts';

/** How much longer than its interval a check may stay the newest before the time after it counts as unobserved. */
const GAP_FACTOR = 1.5;

export interface Span {
  fromMs: number;
  /** Exclusive. */
  toMs: number;
}

/**
 * The time that checks cover, in spans that do not overlap: each covers the time until the next or, where that comes late,
 * one interval and a half. The first also covers the interval before it, in which an earlier check lies.
 *
 * @param observations Oldest first.
 */
export function observedSpans(observations: readonly Observation[]): Span[] {
  const spans: Span[] = [];
  observations.forEach(({ atMs, intervalMs }, i) => {
    const previous = spans.at(-1);
    const fromMs = previous ? atMs : atMs - intervalMs;
    const toMs = Math.min(observations[i + 1]?.atMs ?? Number.POSITIVE_INFINITY, atMs + GAP_FACTOR * intervalMs);
    if (previous && previous.toMs >= fromMs) previous.toMs = Math.max(previous.toMs, toMs);
    else spans.push({ fromMs, toMs });
  });
  return spans;
}

/** How much of `part` the spans cover, in milliseconds. */
export function observedMs(spans: readonly Span[], part: Span): number {
  return spans.reduce(
    (sum, span) => sum + Math.max(0, Math.min(span.toMs, part.toMs) - Math.max(span.fromMs, part.fromMs)),
    0,
  );
}
