/** Figures of the last 20 checks of a provider: the input of the routing score and of the rule for slow providers. */

import type { HealthCheck } from './check.ts';
import type { ProviderPolicy } from './provider.ts';
import type { RoutingFigures } from './score.ts';

const KEPT = 20;
/** 3 of the last 5 checks must be slow, so that one slow answer changes no state. */
const SLOW_WINDOW = 5;
const SLOW_COUNT = 3;
/** An answer is slow when it takes more than three times the usual time. An answer within one second is never slow. */
const SLOW_FACTOR = 3;
const SLOW_FLOOR_MS = 1000;
/** The usual time needs at least this many earlier answers. */
const BASELINE_MINIMUM = 5;
/** The number of answers from which the typical response time is computed. */
const TYPICAL_WINDOW = 5;

/**
 * Parallel lists of at most 20 entries, oldest first. They need much less memory and space in the table than objects.
 */
export interface RecentChecks {
  /** Null for a failed check, and for a check with another kind of request, because its time cannot be compared. */
  readonly responseTimesMs: readonly (number | null)[];
  readonly isHealthy: readonly boolean[];
  /**
   * Times to the first token of the last 5 checks; null when there was no token. Absent for a provider without
   * `degradedFirstTokenAboveMs`, because no rule needs them.
   */
  readonly firstTokensMs?: readonly (number | null)[];
}

export const NO_CHECKS: RecentChecks = { responseTimesMs: [], isHealthy: [] };

/** The settings that decide which checks are comparable, and which are slow. */
export type SlowPolicy = Pick<ProviderPolicy, 'probe' | 'degradedAboveMs' | 'degradedFirstTokenAboveMs'>;

/** Adds one check, and removes the oldest beyond 20. */
export function addCheck(recent: RecentChecks, check: HealthCheck, policy: SlowPolicy): RecentChecks {
  const comparable = check.isHealthy && check.probe === policy.probe;
  const from = Math.max(0, recent.isHealthy.length + 1 - KEPT);
  return {
    responseTimesMs: [...recent.responseTimesMs.slice(from), comparable ? check.responseTimeMs : null],
    isHealthy: [...recent.isHealthy.slice(from), check.isHealthy],
    ...(policy.degradedFirstTokenAboveMs !== null && {
      firstTokensMs: [
        ...(recent.firstTokensMs ?? []).slice(1 - SLOW_WINDOW),
        comparable ? check.timings.firstTokenMs : null,
      ],
    }),
  };
}

/** The figures of the recent checks that a status contains. */
export interface RecentFigures extends RoutingFigures {
  /** Median response time of the good checks among the last 20; null when there is none. */
  medianResponseMs: number | null;
}

export function figuresOf(recent: RecentChecks): RecentFigures {
  const good = recent.isHealthy.filter(Boolean).length;
  return {
    medianResponseMs: median(recent.responseTimesMs),
    typicalResponseMs: typicalMs(recent.responseTimesMs),
    successRate: recent.isHealthy.length === 0 ? 0 : good / recent.isHealthy.length,
  };
}

/**
 * The typical response time, with a short memory: the mean of the second and third slowest of the last 5 good answers. One slow
 * answer changes nothing, two change it by half, three completely. After four answers at the usual speed it is back.
 */
function typicalMs(times: readonly (number | null)[]): number | null {
  const latest = times.filter((ms) => ms !== null).slice(-TYPICAL_WINDOW);
  if (latest.length < TYPICAL_WINDOW) return median(latest);
  const [, second = 0, third = 0] = latest.sort((a, b) => b - a);
  return (second + third) / 2;
}

/**
 * Whether 3 of the last 5 checks were slower than the provider's thresholds. The default threshold is the larger of 1000 ms and
 * 3 × the usual response time.
 */
export function isSlow(recent: RecentChecks, policy: SlowPolicy): boolean {
  const limitMs = policy.degradedAboveMs ?? Math.max(SLOW_FLOOR_MS, SLOW_FACTOR * (usualMs(recent) ?? 0));
  return (
    areAbove(recent.responseTimesMs, limitMs) || areAbove(recent.firstTokensMs ?? [], policy.degradedFirstTokenAboveMs)
  );
}

function areAbove(times: readonly (number | null)[], limitMs: number | null): boolean {
  if (limitMs === null) return false;
  return times.slice(-SLOW_WINDOW).filter((ms) => ms !== null && ms > limitMs).length >= SLOW_COUNT;
}

/**
 * The usual response time: the median of the answers before the last five checks, or of all while those are too few. Leaving
 * out the last five keeps a provider that has become slow from counting as usually slow. Null before the first good answer.
 */
export function usualMs(recent: RecentChecks): number | null {
  const earlier = recent.responseTimesMs.slice(0, -SLOW_WINDOW).filter((ms) => ms !== null);
  return median(earlier.length < BASELINE_MINIMUM ? recent.responseTimesMs : earlier);
}

function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper;
  return (lower + upper) / 2;
}
