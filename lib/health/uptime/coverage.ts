/** Computes which time was observed. Time that was not observed is neither uptime nor downtime. */

import type { Observation } from './observation.ts';

/** A check covers the time after it for 1.5 intervals at most. */
const GAP_FACTOR = 1.5;

export interface Span {
  fromMs: number;
  /** Exclusive. */
  toMs: number;
}

/**
 * The time that the checks cover, as spans that do not overlap. A check covers the time until the next check, but at most 1.5
 * intervals. The first check also covers the interval before it, because an earlier check is in that interval.
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
