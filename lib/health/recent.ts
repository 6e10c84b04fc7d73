/** The last 20 checks of a provider in figures: what the routing score and the rule for slowness look at. */

import type { HealthCheck } from './check.ts';
import type { ProbeKind } from './provider.ts';
import type { RoutingFigures } from './score.ts';

const KEPT = 20;
/** 3 of the last 5 checks must be slow, so one slow answer flips nothing. */
const SLOW_WINDOW = 5;
const SLOW_COUNT = 3;
/** Slower than three times its usual is slow, but never below a second: that is fast enough for anyone. */
const SLOW_FACTOR = 3;
const SLOW_FLOOR_MS = 1000;
/** Fewer earlier answers than this are too few to say what is usual. */
const BASELINE_MINIMUM = 5;

/**
 * Two parallel lists of at most 20 entries, oldest first: in a table and in memory far smaller than a list of objects.
 */
export interface RecentChecks {
  /** Null for a failed check, and for one that sent another request than the provider's usual: it does not compare. */
  readonly responseTimesMs: readonly (number | null)[];
  readonly isHealthy: readonly boolean[];
}

export const NO_CHECKS: RecentChecks = { responseTimesMs: [], isHealthy: [] };

/** Adds one check and forgets the oldest beyond 20. `usual` is the provider's configured probe. */
export function addCheck(recent: RecentChecks, check: HealthCheck, usual: ProbeKind): RecentChecks {
  const comparable = check.isHealthy && check.probe === usual;
  const from = Math.max(0, recent.isHealthy.length + 1 - KEPT);
  return {
    responseTimesMs: [...recent.responseTimesMs.slice(from), comparable ? check.responseTimeMs : null],
    isHealthy: [...recent.isHealthy.slice(from), check.isHealthy],
  };
}

/** Median and success rate over the checks kept. */
export function figuresOf(recent: RecentChecks): RoutingFigures {
  const good = recent.isHealthy.filter(Boolean).length;
  return {
    medianResponseMs: median(recent.responseTimesMs),
    successRate: recent.isHealthy.length === 0 ? 0 : good / recent.isHealthy.length,
  };
}

/** Whether 3 of the last 5 checks were slower than max(1000 ms, 3 × its usual response time). */
export function isSlow(recent: RecentChecks): boolean {
  const latest = recent.responseTimesMs.slice(-SLOW_WINDOW);
  const limitMs = Math.max(SLOW_FLOOR_MS, SLOW_FACTOR * (usualResponseMs(recent) ?? 0));
  return latest.filter((ms) => ms !== null && ms > limitMs).length >= SLOW_COUNT;
}

/**
 * The median of the checks before the last five (of all while there are too few): a provider that turned slow must not
 * soon be its own excuse. Null when no check compares.
 */
export function usualResponseMs({ responseTimesMs }: RecentChecks): number | null {
  const earlier = responseTimesMs.slice(0, -SLOW_WINDOW).filter((ms) => ms !== null);
  return median(earlier.length < BASELINE_MINIMUM ? responseTimesMs : earlier);
}

function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper;
  return (lower + upper) / 2;
}
