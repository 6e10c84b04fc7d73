/** The rules by which a check changes the state. */

import { fnv1a } from '../base/hash.ts';
import { HOUR_MS } from '../base/time.ts';
import type { HealthCheck } from './check.ts';
import type { ProviderPolicy } from './provider.ts';
import { isSlow } from './recent.ts';
import type { ProviderStatus, StateDetail, StatusFields } from './status.ts';
import type { State } from './transition.ts';

/** Each blacklisting in the last hour makes the hold longer by this time, up to the maximum. */
const HOLD_STEP_MS = 30_000;
export const HOLD_MAXIMUM_MS = 300_000;
const HOLD_MEMORY_MS = HOUR_MS;
/** A hold is up to 10% longer, so that providers that went down together do not all return at once. */
const HOLD_JITTER = 0.1;

const HEALTHY = { state: 'healthy', isHealthy: true } as const;
const SLOW = { state: 'degraded', isHealthy: true, reason: 'slow', retryAt: null } as const;
const BLACKLISTED = { state: 'blacklisted', isHealthy: false } as const;

const WORKS: Readonly<Record<State, boolean>> = {
  unknown: false,
  healthy: true,
  degraded: true,
  unhealthy: false,
  blacklisted: false,
};

/** Whether a provider in this state answers requests. */
export function isWorking(state: State): boolean {
  return WORKS[state];
}

/** Whether a provider in this state was found not to work. */
export function isDown(state: State): boolean {
  return state !== 'unknown' && !isWorking(state);
}

/** The counts of a status, with the newest check included. */
export type Streaks = Pick<StatusFields, 'recent' | 'consecutiveFailures' | 'consecutiveSuccesses'>;

/** The state after `check`. @param after The counts, with that check included. */
export function stateAfter(
  before: ProviderStatus,
  after: Streaks,
  check: HealthCheck,
  policy: ProviderPolicy,
): StateDetail {
  return check.isHealthy
    ? stateAfterSuccess(before, after, check, policy)
    : stateAfterFailure(before, after, check, policy);
}

function stateAfterSuccess(
  before: ProviderStatus,
  after: Streaks,
  check: HealthCheck,
  policy: ProviderPolicy,
): StateDetail {
  if (before.state === 'blacklisted') {
    const proven = after.consecutiveSuccesses >= policy.recoveryThreshold;
    const held = before.holdUntil !== null && check.timestamp < before.holdUntil;
    if (!proven || held) return detailOf(before);
  }
  return isSlow(after.recent, policy) ? SLOW : HEALTHY;
}

function stateAfterFailure(
  before: ProviderStatus,
  after: Streaks,
  check: HealthCheck & { isHealthy: false },
  policy: ProviderPolicy,
): StateDetail {
  if (before.state === 'blacklisted') return detailOf(before);
  if (after.consecutiveFailures >= policy.blacklistAfter) return blacklisted(before, check);
  // The first 429 means that the provider works and limits us. A provider that was already down stays down.
  if (check.category === 'rate_limited' && after.consecutiveFailures === 1) {
    return { state: 'degraded', isHealthy: true, reason: 'rate_limited', retryAt: retryAt(check) };
  }
  return { state: 'unhealthy', isHealthy: false };
}

function blacklisted(before: ProviderStatus, check: HealthCheck & { isHealthy: false }): StateDetail {
  if (check.fault === 'ours') return { ...BLACKLISTED, blacklistedFor: 'ours', holdUntil: null };
  const times = blacklistTimesWith(before, check.timestamp).length;
  const leastMs = Math.min(HOLD_MAXIMUM_MS / (1 + HOLD_JITTER), HOLD_STEP_MS * times);
  // A hash instead of a random number, so that the same checks always give the same status.
  const jitter = HOLD_JITTER * fractionOf(`${before.provider} ${check.timestamp}`);
  const holdMs = Math.round(leastMs * (1 + jitter));
  return { ...BLACKLISTED, blacklistedFor: 'provider', holdUntil: later(check.timestamp, holdMs) };
}

/** Times of the blacklistings in the last hour, with this one, oldest first. At most 10, because more do not change the hold. */
export function blacklistTimesWith(status: ProviderStatus, at: string): readonly string[] {
  const from = later(at, -HOLD_MEMORY_MS);
  const most = HOLD_MAXIMUM_MS / HOLD_STEP_MS;
  return [...status.blacklistTimes.filter((time) => time > from), at].slice(-most);
}

function retryAt(check: HealthCheck): string | null {
  return check.retryAfterMs === null ? null : later(check.timestamp, check.retryAfterMs);
}

/** The fields of a status that belong to its state. */
export function detailOf(status: ProviderStatus): StateDetail {
  switch (status.state) {
    case 'unknown':
    case 'unhealthy':
      return { state: status.state, isHealthy: false };
    case 'healthy':
      return HEALTHY;
    case 'degraded':
      return { state: 'degraded', isHealthy: true, reason: status.reason, retryAt: status.retryAt };
    case 'blacklisted':
      return { ...BLACKLISTED, blacklistedFor: status.blacklistedFor, holdUntil: status.holdUntil };
    default: {
      const never: never = status;
      return never;
    }
  }
}

type FieldOf<Union> = Union extends unknown ? keyof Union : never;

/** The status without the fields of its state, so that they cannot mix with the fields of the next state. */
export function withoutDetail(status: ProviderStatus): StatusFields {
  const { state, isHealthy, reason, retryAt, blacklistedFor, holdUntil, ...rest } = status as StatusFields & {
    readonly [Field in FieldOf<StateDetail>]?: unknown;
  };
  // This does not compile if the line above leaves out a field of a state.
  const fields: StatusFields & { readonly [Field in FieldOf<StateDetail>]?: never } = rest;
  return fields;
}

function later(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}

/** A number from 0 (inclusive) to 1 (exclusive). It depends only on the text, and is spread evenly. */
function fractionOf(text: string): number {
  let hash = fnv1a(text);
  // Hashes of texts with different ends differ only in the low bits: mix these into the high bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
