/** The shape of a status. The rules that change it are in next-status.ts and state.ts. */

import type { Fault } from './category.ts';
import type { HealthCheck } from './check.ts';
import type { ProviderType } from './provider.ts';
import { NO_CHECKS, type RecentChecks } from './recent.ts';
import type { Transition } from './transition.ts';
import type { DayCounts } from './uptime/day-counts.ts';

/** The fields that every state has. Times are ISO 8601 UTC. */
export interface StatusFields {
  /** The provider's id. */
  provider: string;
  type: ProviderType;
  model: string;
  tags: readonly string[];
  /** A disabled provider keeps its status, but is neither probed nor selected. */
  enabled: boolean;
  intervalSeconds: number;
  targetResponseMs: number;
  /** Grows by one with each write. A write succeeds only if the stored version is the one that it was computed from. */
  version: number;
  /** When the state began. */
  since: string;
  /** The newest check; null while unknown. */
  lastCheck: HealthCheck | null;
  /** When the newest good check was; null when there was none yet. */
  lastHealthyAt: string | null;
  consecutiveFailures: number;
  consecutiveSuccesses: number;
  recent: RecentChecks;
  /**
   * Median response time of the good checks among the last 20. When there is none (an outage, or checks that list models to save
   * tokens), the last known value stays. Null before the first good check.
   */
  medianResponseMs: number | null;
  /** Typical response time, from the last 5 answers. Like `medianResponseMs`, the last known value stays. */
  typicalResponseMs: number | null;
  /** Share of good checks among the last 20, 0 to 1. */
  successRate: number;
  /** Health score of the last check, 0 to 1 with four decimals; 0 while unknown. */
  healthScore: number;
  /** 0 to 1 with four decimals; 0 when the provider does not work or is disabled. */
  routingScore: number;
  /**
   * The part of its usual traffic that the strategy `weighted` gives to the provider: 0.25, 0.5 and 0.75 in the first good
   * checks after it was down, otherwise 1.
   */
  trafficShare: number;
  /** Whether the state changed 4 times in the 30 minutes before the last check. */
  flapping: boolean;
  /** Times of the last 4 transitions, oldest first, without the one from `unknown`. */
  transitionTimes: readonly string[];
  /** Times of the last blacklisting and of those in the hour before it, oldest first, at most 10. */
  blacklistTimes: readonly string[];
  lastTransition: Transition | null;
  /**
   * Checks before the last one that may not be written as items yet, oldest first. A later tick writes them. Absent: none, which
   * is usual except after a failed write or a crash. Only the monitor uses this field; readers do not get it.
   */
  unrecorded?: readonly HealthCheck[];
  /** The same as `unrecorded`, for the transitions before the last one. */
  unrecordedTransitions?: readonly Transition[];
  /**
   * Counts of the checks on the UTC day of the last check and on the day before, oldest first. Absent: none, or written by an
   * older release. Only the monitor uses this field; readers do not get it.
   */
  dayCounts?: readonly DayCounts[];
  /** Tokens that probes used on `day` (UTC date). `maxTokensPerDay` limits them. Null before the first token. */
  tokensToday: { day: string; count: number } | null;
  /** Whether `maxTokensPerDay` was used up as of the last check, so that checks list models until the UTC day ends. */
  tokenLimitReached: boolean;
  /** When a probe last asked for tokens; `completionEverySeconds` counts from there. Null before the first such probe. */
  lastCompletionAt: string | null;
  /** Until this time the provider is probed but not selected; null when it is not drained. */
  drainUntil: string | null;
  /** The operator's reason for the drain, at most 80 characters; null when there is no drain or no reason. */
  drainReason: string | null;
  /** A planned pause that an operator set: until this time no alerts and no downtime; null when there is none. */
  maintenanceUntil: string | null;
  /** The operator's reason for the pause, at most 80 characters; null when there is no pause or no reason. */
  maintenanceReason: string | null;
}

/** The state, whether the provider works in it, and the fields that only this state has. */
export type StateDetail =
  | { state: 'unknown'; isHealthy: false }
  | { state: 'healthy'; isHealthy: true }
  | {
      state: 'degraded';
      isHealthy: true;
      reason: 'slow' | 'rate_limited';
      /** When the rate limit ends, if the provider said so; null otherwise, and when `reason` is `slow`. */
      retryAt: string | null;
    }
  | { state: 'unhealthy'; isHealthy: false }
  | {
      state: 'blacklisted';
      isHealthy: false;
      /** Fault of the failure that blacklisted it. */
      blacklistedFor: Fault;
      /** The end of the hold; null when the fault was ours, because there is no hold then. */
      holdUntil: string | null;
    };

export type ProviderStatus = StatusFields & StateDetail;

/** What a status says of a provider that was not checked, or whose checks ended: there is nothing to judge it by. */
export const NOTHING_KNOWN = {
  state: 'unknown',
  isHealthy: false,
  consecutiveFailures: 0,
  consecutiveSuccesses: 0,
  recent: NO_CHECKS,
  medianResponseMs: null,
  typicalResponseMs: null,
  successRate: 0,
  healthScore: 0,
  routingScore: 0,
  trafficShare: 1,
  flapping: false,
  transitionTimes: [],
  blacklistTimes: [],
} as const satisfies Partial<ProviderStatus>;

/** A status after a check, and the transition that the check caused, if any. */
export interface StatusChange {
  status: ProviderStatus;
  transition: Transition | null;
}

/** The transitions that a status contains, oldest first: the unrecorded ones and the last one. */
export function transitionsIn({ unrecordedTransitions = [], lastTransition }: ProviderStatus): readonly Transition[] {
  return lastTransition === null ? unrecordedTransitions : [...unrecordedTransitions, lastTransition];
}
