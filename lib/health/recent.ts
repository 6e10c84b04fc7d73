/** The last 20 checks of a provider in figures: the input of the routing score and of the rule for slowness. */

import type { HealthCheck } from './check.ts';
import type { ProviderPolicy } from './provider.ts';
import type { RoutingFigures } from './score.ts';

const KEPT = 20;
/** 3 of the last 5 checks must be slow, so one slow answer flips nothing. */
const SLOW_WINDOW = 5;
const SLOW_COUNT = 3;
/** Slower than three times its usual is slow, but never below a second, which is fast enough. */
const SLOW_FACTOR = 3;
const SLOW_FLOOR_MS = 1000;
/** Fewer earlier answers than this are too few to say what is usual. */
const BASELINE_MINIMUM = 5;
/** Answers that the typical response time looks at. */
const TYPICAL_WINDOW = 5;

/**
 * Parallel lists of at most 20 entries, oldest first: in a table and in memory far smaller than a list of objects.
 */
export interface RecentChecks {
  /** Null for a failed check, and for one that sent another request than the provider's usual: it does not compare. */
  readonly responseTimesMs: readonly (number | null)[];
  readonly isHealthy: readonly boolean[];
  /**
   * First-token times of the last 5 checks, null where there was none. Absent for a provider without
   * `degradedFirstTokenAboveMs`: no rule looks at them.
   */
  readonly firstTokensMs?: readonly (number | null)[];
}

export const NO_CHECKS: RecentChecks = { responseTimesMs: [], isHealthy: [] };

/** The settings that say which checks compare, and above which time they are slow. */
export type SlowPolicy = Pick<ProviderPolicy, 'probe' | 'degradedAboveMs' | 'degradedFirstTokenAboveMs'>;

/** Adds one check and forgets the oldest beyond 20. */
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

/** What of the recent checks is kept in a status as figures. */
export interface RecentFigures extends RoutingFigures {
  /** Of the good ones among the last 20 checks; null when there is none. */
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
 * The response time with a short memory: the mean of the second and the third slowest of the last 5 good answers. One
 * slow answer changes nothing, two move it half way, three all the way; and with four usual ones it is back.
 */
function typicalMs(times: readonly (number | null)[]): number | null {
  const latest = times.filter((ms) => ms !== null).slice(-TYPICAL_WINDOW);
  if (latest.length < TYPICAL_WINDOW) return median(latest);
  const [, second = 0, third = 0] = latest.sort((a, b) => b - a);
  return (second + third) / 2;
}

/**
 * Whether 3 of the last 5 checks were slower than they may be: than the provider's own thresholds where it has any, else
 * than max(1000 ms, 3 × its usual).
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
 * What the provider usually takes: the median of the checks before the last five, of all while those are too few. So a
 * provider that became slow does not soon count as usually slow. Null before its first good answer.
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
