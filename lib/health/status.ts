/** What is known of a provider: the shape of a status. The rules that change it are in next-status.ts and state.ts. */

import type { Fault } from './category.ts';
import type { HealthCheck } from './check.ts';
import type { ProviderType } from './provider.ts';
import type { RecentChecks } from './recent.ts';
import type { Transition } from './transition.ts';
import type { DayCounts } from './uptime/day-counts.ts';

/** Everything but the state's own fields. Times are ISO 8601 UTC. */
export interface StatusFields {
  /** The provider's id. */
  provider: string;
  type: ProviderType;
  model: string;
  tags: readonly string[];
  /** A disabled provider is kept, never probed and never selected. */
  enabled: boolean;
  intervalSeconds: number;
  targetResponseMs: number;
  /** Grows by one with each write; a write is made on condition that the stored one is the one it was computed from. */
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
   * Over the good ones of the last 20 checks that sent the usual request; the last one known when none did (an outage, or
   * checks that list models to save tokens); null before the first.
   */
  medianResponseMs: number | null;
  /** What a good check takes now, with a memory of 5 answers; kept as `medianResponseMs` is. */
  typicalResponseMs: number | null;
  /** Over the last 20 checks, 0 to 1. */
  successRate: number;
  /** Of the last check, 0 to 1 with four decimals; 0 while unknown. */
  healthScore: number;
  /** 0 to 1 with four decimals; 0 when it does not work or is disabled. */
  routingScore: number;
  /**
   * Which part of its usual traffic `weighted` gives it: 0.25, 0.5 and 0.75 with the first good checks after it was down,
   * else 1.
   */
  trafficShare: number;
  /** Whether it changed its state 4 times in 30 minutes, as of the last check. */
  flapping: boolean;
  /** Times of the latest transitions but the one from `unknown`, oldest first, at most 4. */
  transitionTimes: readonly string[];
  /** Times of blacklistings in the hour before the last one, oldest first, at most 10. */
  blacklistTimes: readonly string[];
  lastTransition: Transition | null;
  /**
   * Checks before the last one that counted and whose own items are not known to be written, oldest first: a later tick
   * writes them. Absent: none, as always but after a failed write or a crash. The monitor's own; readers do not get it.
   */
  unrecorded?: readonly HealthCheck[];
  /** As `unrecorded`, of the transitions before the last one. */
  unrecordedTransitions?: readonly Transition[];
  /**
   * Checks of the UTC day of the last one and of the day before, oldest first. Absent: none, or a monitor older than this
   * field. The monitor's own; readers do not get it.
   */
  dayCounts?: readonly DayCounts[];
  /** Tokens that probes used on `day` (UTC date): what `maxTokensPerDay` limits. Null before the first token. */
  tokensToday: { day: string; count: number } | null;
  /** Whether `maxTokensPerDay` was used up as of the last check, so that checks list models until the UTC day ends. */
  tokenLimitReached: boolean;
  /** When a probe last asked for tokens: what `completionEverySeconds` counts from. Null before the first. */
  lastCompletionAt: string | null;
  /** Usable to probe but never selected until this time; null when not drained. */
  drainUntil: string | null;
  /** The reason that was given for the drain; null when it is not drained or none was given. At most 80 characters. */
  drainReason: string | null;
  /** Planned pause set by hand: no alerts, no downtime until this time; null when there is none. */
  maintenanceUntil: string | null;
  /** As `drainReason`. */
  maintenanceReason: string | null;
}

/** The state, whether the provider works in it, and what only this state has. */
export type StateDetail =
  | { state: 'unknown'; isHealthy: false }
  | { state: 'healthy'; isHealthy: true }
  | {
      state: 'degraded';
      isHealthy: true;
      reason: 'slow' | 'rate_limited';
      /** When a rate limit is said to end; null when it is not known, or when it is slow. */
      retryAt: string | null;
    }
  | { state: 'unhealthy'; isHealthy: false }
  | {
      state: 'blacklisted';
      isHealthy: false;
      /** Whose fault the failure was that blacklisted it. */
      blacklistedFor: Fault;
      /** It does not leave before this time; null when the fault was ours, so nothing is held. */
      holdUntil: string | null;
    };

export type ProviderStatus = StatusFields & StateDetail;

/** A status as a check left it, with the change of state if it made one. */
export interface StatusChange {
  status: ProviderStatus;
  transition: Transition | null;
}

/** The transitions that a status has, oldest first: those that may not be on record, and its last one. */
export function transitionsIn({ unrecordedTransitions = [], lastTransition }: ProviderStatus): readonly Transition[] {
  return lastTransition === null ? unrecordedTransitions : [...unrecordedTransitions, lastTransition];
}
