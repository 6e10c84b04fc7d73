/** Finds the missing hours of a provider, and makes hours from checks. keeper.ts reads and writes them. */

import { floorTo, HOUR_MS } from '../base/time.ts';
import type { HealthCheck } from '../health/check.ts';
import type { Span } from '../health/uptime/coverage.ts';
import type { HourHistory } from '../health/uptime/history.ts';
import { observationOf } from '../health/uptime/observation.ts';

/** The parts of a span for which no hour is kept, oldest first. @param span It begins and ends at a full hour. */
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
 * Makes the hours that contain checks, oldest first. There is no item for an hour without checks.
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

/** Groups values by key, in the order in which the keys first appear. Replaces `Map.groupBy`, which Node 20 does not have. */
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
