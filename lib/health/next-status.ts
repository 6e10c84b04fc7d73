/**
 * The rules by which a check changes a status. Pure: the same checks in the same order always give the same status.
 * lib/checker confirms failures before, and leaves out faults of the monitor itself.
 */

import type { HealthCheck } from './check.ts';
import { endedStatus, isEnded } from './ended-status.ts';
import type { ProviderPolicy } from './provider.ts';
import { addCheck, figuresOf } from './recent.ts';
import { healthScore, roundedScore, routingScore } from './score.ts';
import { blacklistTimesWith, stateAfter, withoutDetail } from './state.ts';
import { NOTHING_KNOWN, type ProviderStatus, type StatusChange } from './status.ts';
import { isFlapping, TRANSITION_TIMES_KEPT, transitionOf } from './transition.ts';
import { countedWith, dayOf } from './uptime/day-counts.ts';

/** The status of a provider that was never checked. */
export function unknownStatus(policy: ProviderPolicy, now: Date): ProviderStatus {
  return {
    ...settingsOf(policy),
    ...NOTHING_KNOWN,
    version: 1,
    since: now.toISOString(),
    lastCheck: null,
    lastHealthyAt: null,
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
 * The status after one more check, with the next version. Null when the check is not newer than the last one, so that a result
 * that is delivered twice or late changes nothing.
 */
export function nextStatus(status: ProviderStatus, check: HealthCheck, policy: ProviderPolicy): StatusChange | null {
  const { lastCheck } = status;
  if (lastCheck !== null && check.timestamp <= (isEnded(status) ? status.since : lastCheck.timestamp)) return null;
  const recent = addCheck(status.recent, check, policy);
  const consecutiveFailures = check.isHealthy ? 0 : status.consecutiveFailures + 1;
  const consecutiveSuccesses = check.isHealthy ? status.consecutiveSuccesses + 1 : 0;
  const streaks = { recent, consecutiveFailures, consecutiveSuccesses };
  const detail = stateAfter(status, streaks, check, policy);
  const transition =
    detail.state === status.state ? null : transitionOf(check, status.state, detail.state, status.since);
  // The change from `unknown` does not count towards flapping.
  const transitionTimes =
    transition && transition.from !== 'unknown'
      ? [...status.transitionTimes, transition.at].slice(-TRANSITION_TIMES_KEPT)
      : status.transitionTimes;
  const latest = figuresOf(recent);
  // Checks that list models do not measure the model's speed, so the last known times stay.
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
      since: transition ? transition.at : status.since,
      lastCheck: check,
      lastHealthyAt: check.isHealthy ? check.timestamp : status.lastHealthyAt,
      healthScore: roundedScore(healthScore(check)),
      routingScore:
        detail.isHealthy && policy.enabled ? roundedScore(routingScore(figures, policy.targetResponseMs)) : 0,
      trafficShare: shareAfter(status, check, detail.isHealthy),
      flapping: isFlapping(transitionTimes, new Date(check.timestamp)),
      transitionTimes,
      blacklistTimes:
        transition?.to === 'blacklisted' ? blacklistTimesWith(status, transition.at) : status.blacklistTimes,
      lastTransition: transition ?? status.lastTransition,
      dayCounts: countedWith(status.dayCounts ?? [], check),
      tokensToday,
      tokenLimitReached: tokensToday !== null && tokensOn(tokensToday, check.timestamp) >= policy.maxTokensPerDay,
      lastCompletionAt: check.probe === 'models' ? status.lastCompletionAt : check.timestamp,
    },
  };
}

/** After a recovery, each good check gives back this part of the usual traffic. */
const RAMP_STEP = 0.25;

/** The traffic returns in steps: all traffic at once could bring a provider down again that has just recovered. */
function shareAfter(status: ProviderStatus, check: HealthCheck, works: boolean): number {
  if (!works) return 1;
  if (!status.isHealthy) return status.state === 'unknown' ? 1 : RAMP_STEP;
  return check.isHealthy ? Math.min(1, status.trafficShare + RAMP_STEP) : status.trafficShare;
}

/** Clears a drain or a planned pause when its time is over. */
function pausesAt(status: ProviderStatus, time: string) {
  return {
    ...(status.drainUntil !== null && status.drainUntil <= time && { drainUntil: null, drainReason: null }),
    ...(status.maintenanceUntil !== null &&
      status.maintenanceUntil <= time && { maintenanceUntil: null, maintenanceReason: null }),
  };
}

/**
 * The status with the provider's current settings, with the next version; null when it has them already. The state and the
 * checks stay as they are, unless the provider is disabled while it has a problem: then the problem ends.
 */
export function withPolicy(status: ProviderStatus, policy: ProviderPolicy): ProviderStatus | null {
  const settings = settingsOf(policy);
  const ended = policy.enabled ? null : endedStatus(status);
  const same =
    ended === null &&
    status.type === settings.type &&
    status.model === settings.model &&
    status.enabled === settings.enabled &&
    status.intervalSeconds === settings.intervalSeconds &&
    status.targetResponseMs === settings.targetResponseMs &&
    status.tags.join('\n') === settings.tags.join('\n');
  if (same) return null;
  return {
    ...(ended ?? status),
    ...settings,
    version: status.version + 1,
    routingScore:
      status.isHealthy && settings.enabled ? roundedScore(routingScore(status, settings.targetResponseMs)) : 0,
  };
}

/** The notice of a write of new settings: `transition` when it ends a problem; otherwise null. */
export function noticeOfPolicy(before: ProviderStatus | null, after: ProviderStatus): 'transition' | null {
  return isEnded(after) && before?.lastTransition?.id !== after.lastTransition?.id ? 'transition' : null;
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
