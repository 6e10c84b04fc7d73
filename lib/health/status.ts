/**
 * What is now believed of a provider, and the rules by which one more check changes it. Pure: the same checks in the
 * same order always give the same status. Confirming a failure, and not counting the monitor's own, is lib/checker's.
 */

import type { HealthCheck } from './check.ts';
import { distanceMs, isFromFuture } from './future.ts';
import type { ProviderPolicy, ProviderType } from './provider.ts';
import { addCheck, figuresOf, NO_CHECKS, type RecentChecks } from './recent.ts';
import { healthScore, roundedScore, routingScore } from './score.ts';
import { blacklistTimesWith, isWorking, type StateDetail, stateAfter, withoutDetail } from './state.ts';
import { isFlapping, TRANSITION_TIMES_KEPT, type Transition, transitionOf } from './transition.ts';

/** A status older than this many intervals is stale. */
const STALE_INTERVALS = 3;

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
  /** Whether the state is `healthy` or `degraded`. */
  isHealthy: boolean;
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
  /** Tokens that probes used on `day` (UTC date): what `maxTokensPerDay` is held against. Null before the first token. */
  tokensToday: { day: string; count: number } | null;
  /** Whether `maxTokensPerDay` was used up as of the last check, so that checks list models until the UTC day ends. */
  tokenLimitReached: boolean;
  /** When a probe last asked for tokens: what `completionEverySeconds` counts from. Null before the first. */
  lastCompletionAt: string | null;
  /** Usable to probe but never selected until this time; null when not drained. */
  drainUntil: string | null;
  /** Why, as whoever drained it said; null when it is not drained or nothing was said. At most 80 characters. */
  drainReason: string | null;
  /** Planned pause set by hand: no alerts, no downtime until this time; null when there is none. */
  maintenanceUntil: string | null;
  /** As `drainReason`. */
  maintenanceReason: string | null;
}

export type ProviderStatus = StatusFields & StateDetail;

/** A status as a check left it, with the change of state if it made one. */
export interface StatusChange {
  status: ProviderStatus;
  transition: Transition | null;
}

/** The status of a provider that was never checked. */
export function unknownStatus(policy: ProviderPolicy, now: Date): ProviderStatus {
  return {
    ...settingsOf(policy),
    state: 'unknown',
    version: 1,
    isHealthy: false,
    since: now.toISOString(),
    lastCheck: null,
    lastHealthyAt: null,
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
    lastTransition: null,
    tokensToday: null,
    tokenLimitReached: false,
    lastCompletionAt: null,
    drainUntil: null,
    drainReason: null,
    maintenanceUntil: null,
    maintenanceReason: null,
  };
}

/**
 * The status after one more check, one version on; null when the check is not newer than the last one, so that a result
 * delivered twice or late changes nothing.
 */
export function nextStatus(status: ProviderStatus, check: HealthCheck, policy: ProviderPolicy): StatusChange | null {
  if (status.lastCheck !== null && check.timestamp <= status.lastCheck.timestamp) return null;
  const recent = addCheck(status.recent, check, policy);
  const consecutiveFailures = check.isHealthy ? 0 : status.consecutiveFailures + 1;
  const consecutiveSuccesses = check.isHealthy ? status.consecutiveSuccesses + 1 : 0;
  const streaks = { recent, consecutiveFailures, consecutiveSuccesses };
  const detail = stateAfter(status, streaks, check, policy);
  const transition =
    detail.state === status.state ? null : transitionOf(check, status.state, detail.state, status.since);
  // To become known is no change of mind: it would make a provider's first outage look like flapping.
  const transitionTimes =
    transition && transition.from !== 'unknown'
      ? [...status.transitionTimes, transition.at].slice(-TRANSITION_TIMES_KEPT)
      : status.transitionTimes;
  const isHealthy = isWorking(detail.state);
  const latest = figuresOf(recent);
  // Checks that list models to save tokens say nothing about speed: that must not cost the provider its rank.
  const figures = {
    ...latest,
    medianResponseMs: latest.medianResponseMs ?? status.medianResponseMs,
    typicalResponseMs: latest.typicalResponseMs ?? status.typicalResponseMs,
  };
  const tokensToday = tokensAfter(status, check);

  return {
    transition,
    status: {
      ...withoutDetail(status),
      ...pausesAt(status, check.timestamp),
      ...settingsOf(policy),
      ...streaks,
      ...figures,
      ...detail,
      version: status.version + 1,
      isHealthy,
      since: transition ? transition.at : status.since,
      lastCheck: check,
      lastHealthyAt: check.isHealthy ? check.timestamp : status.lastHealthyAt,
      healthScore: roundedScore(healthScore(check)),
      routingScore: isHealthy && policy.enabled ? roundedScore(routingScore(figures, policy.targetResponseMs)) : 0,
      trafficShare: shareAfter(status, check, isHealthy),
      flapping: isFlapping(transitionTimes, new Date(check.timestamp)),
      transitionTimes,
      blacklistTimes:
        transition?.to === 'blacklisted' ? blacklistTimesWith(status, transition.at) : status.blacklistTimes,
      lastTransition: transition ?? status.lastTransition,
      tokensToday,
      tokenLimitReached: tokensToday !== null && tokensOn(tokensToday, check.timestamp) >= policy.maxTokensPerDay,
      lastCompletionAt: check.probe === 'models' ? status.lastCompletionAt : check.timestamp,
    },
  };
}

/** Part of the usual traffic that each good check after a recovery gives back. */
const RAMP_STEP = 0.25;

/** All at once, the traffic could bring a provider down again that has just come back. */
function shareAfter(status: ProviderStatus, check: HealthCheck, works: boolean): number {
  if (!works) return 1;
  if (!status.isHealthy) return status.state === 'unknown' ? 1 : RAMP_STEP;
  return check.isHealthy ? Math.min(1, status.trafficShare + RAMP_STEP) : status.trafficShare;
}

/** What was set by hand ends by itself. */
function pausesAt(status: ProviderStatus, time: string) {
  return {
    ...(status.drainUntil !== null && status.drainUntil <= time && { drainUntil: null, drainReason: null }),
    ...(status.maintenanceUntil !== null &&
      status.maintenanceUntil <= time && { maintenanceUntil: null, maintenanceReason: null }),
  };
}

/**
 * The status with the provider's current settings, one version on; null when they are the ones it has. Its health is
 * left as it was.
 */
export function withPolicy(status: ProviderStatus, policy: ProviderPolicy): ProviderStatus | null {
  const settings = settingsOf(policy);
  const same =
    status.type === settings.type &&
    status.model === settings.model &&
    status.enabled === settings.enabled &&
    status.intervalSeconds === settings.intervalSeconds &&
    status.targetResponseMs === settings.targetResponseMs &&
    status.tags.join('\n') === settings.tags.join('\n');
  if (same) return null;
  return {
    ...status,
    ...settings,
    version: status.version + 1,
    routingScore:
      status.isHealthy && settings.enabled ? roundedScore(routingScore(status, settings.targetResponseMs)) : 0,
  };
}

/**
 * Whether nobody knows if the status still holds: its last check is older than 3 intervals, or from the future, since a
 * wrong clock says nothing of how old it is.
 */
export function isStale(status: ProviderStatus, now: Date): boolean {
  if (status.lastCheck === null) return false;
  if (isFromFuture(status.lastCheck.timestamp, now)) return true;
  return ageMs(status, now) > STALE_INTERVALS * status.intervalSeconds * 1000;
}

/** Milliseconds from the last check to now, or from now to it; from when the status began, when there was no check. */
export function ageMs(status: ProviderStatus, now: Date): number {
  return distanceMs(status.lastCheck?.timestamp ?? status.since, now);
}

function tokensAfter(status: ProviderStatus, check: HealthCheck): ProviderStatus['tokensToday'] {
  if (check.tokens === null) return status.tokensToday;
  const used = check.tokens.input + check.tokens.output;
  return { day: dayOf(check.timestamp), count: tokensOn(status.tokensToday, check.timestamp) + used };
}

/** Tokens used on the UTC day of `time`. */
export function tokensOn(tokensToday: ProviderStatus['tokensToday'], time: string): number {
  return tokensToday?.day === dayOf(time) ? tokensToday.count : 0;
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}

function settingsOf(policy: ProviderPolicy) {
  return {
    provider: policy.id,
    type: policy.type,
    model: policy.model,
    tags: policy.tags,
    enabled: policy.enabled,
    intervalSeconds: policy.intervalSeconds,
    targetResponseMs: policy.targetResponseMs,
  };
}
