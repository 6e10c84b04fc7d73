/** Which hours of a provider are missing, and how they are made of checks. keeper.ts reads and writes them. */

import { floorTo, HOUR_MS } from '../base/time.ts';
import type { HealthCheck } from '../health/check.ts';
import type { Span } from '../health/uptime/coverage.ts';
import type { HourHistory } from '../health/uptime/history.ts';
import { observationOf } from '../health/uptime/observation.ts';

/** Stretches of time, in whole hours, whose hours are not kept. Oldest first. @param span In whole hours. */
export function missingStretches(kept: readonly HourHistory[], span: Span): Span[] {
  const hours = new Set(kept.map(({ hour }) => Date.parse(hour)));
  const stretches: Span[] = [];
  for (let fromMs = span.fromMs; fromMs < span.toMs; fromMs += HOUR_MS) {
    if (hours.has(fromMs)) continue;
    const previous = stretches.at(-1);
    if (previous?.toMs === fromMs) previous.toMs += HOUR_MS;
    else stretches.push({ fromMs, toMs: fromMs + HOUR_MS });
  }
  return stretches;
}

/**
 * The hours that checks lie in, oldest first; hours without checks are none.
 *
 * @param checks Of one provider, in any order.
 * @param intervalMs Time between two scheduled checks.
 */
export function hoursOf(provider: string, checks: readonly HealthCheck[], intervalMs: number): HourHistory[] {
  const observations = checks.map((check) => observationOf(check, intervalMs)).sort((a, b) => a.atMs - b.atMs);
  const byHour = groupBy(observations, ({ atMs }) => floorTo(atMs, HOUR_MS));
  return [...byHour].map(([hourMs, ofHour]) => ({
    provider,
    hour: new Date(hourMs).toISOString(),
    observations: ofHour,
  }));
}

/** Groups in the order in which their keys first appear. As `Map.groupBy`, which Node 20 does not have. */
export function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
