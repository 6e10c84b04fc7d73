/**
 * A status as the attributes of its STATUS item say it (items.ts lists them). They are taken as they are: what each may
 * be is checked before, in items.ts, or after, by programs that look at little of it.
 */

import type { Fault } from '../../health/category.ts';
import type { HealthCheck } from '../../health/check.ts';
import type { ProviderStatus, StateDetail, StatusFields } from '../../health/status.ts';
import type { Transition } from '../../health/transition.ts';
import { isExpired } from './expiry.ts';
import { type Item, SCHEMA_VERSION } from './fields.ts';
import { checkFrom, type StoredCheck } from './stored-check.ts';
import type { TransitionMap } from './stored-transition.ts';

/** What an absent attribute says. */
const ABSENT = {
  tags: [] as readonly string[],
  enabled: true,
  lastHealthyAt: null,
  consecutiveFailures: 0,
  consecutiveSuccesses: 0,
  medianResponseMs: null,
  typicalResponseMs: null,
  trafficShare: 1,
  flapping: false,
  tokenLimitReached: false,
  lastCompletionAt: null,
  drainUntil: null,
  drainReason: null,
  maintenanceUntil: null,
  maintenanceReason: null,
};

type Written =
  | 'type'
  | 'model'
  | 'intervalSeconds'
  | 'targetResponseMs'
  | 'version'
  | 'isHealthy'
  | 'since'
  | 'successRate'
  | 'healthScore'
  | 'routingScore';

/** Attributes that are fields of the status, as they are. */
export type PlainAttributes = Pick<StatusFields, Written> & {
  [Name in keyof typeof ABSENT]?: NonNullable<StatusFields[Name]>;
};

export type StateAttributes =
  | { state: 'unknown' | 'healthy' | 'unhealthy' }
  | { state: 'degraded'; reason: 'slow' | 'rate_limited'; retryAt?: string }
  | { state: 'blacklisted'; blacklistedFor: Fault; holdUntil?: string };

/** What only this product reads. Times are epoch milliseconds; absent: none. */
export interface CompactAttributes {
  recent?: RecentMap;
  changes?: readonly number[];
  holds?: readonly number[];
  spent?: readonly [day: string, count: number];
  lastTransition?: TransitionMap;
  unrecorded?: readonly UnrecordedMap[];
  unrecordedTransitions?: readonly TransitionMap[];
}

/** A check whose own item is not known to be written, at `at` (epoch milliseconds). */
export type UnrecordedMap = { at: number } & StoredCheck;

export interface RecentMap {
  ms: readonly (number | null)[];
  /** First tokens of the last 5; absent: not kept. */
  first?: readonly (number | null)[];
  /** The verdicts as a text of ones and zeros: 20 bytes instead of a list's 40. */
  ok: string;
}

type LastCheck = { lastCheckAt: string } & StoredCheck;

export type StoredStatus = { sk: string } & PlainAttributes &
  StateAttributes &
  CompactAttributes &
  (LastCheck | Partial<Record<keyof LastCheck, undefined>>);

/** Attributes of the item itself. */
type Internal = 'pk' | 'v' | 'w' | 'notice';

export function statusFrom(stored: StoredStatus): ProviderStatus {
  const { pk, sk: provider, v, w, notice, ...attributes } = stored as StoredStatus & Partial<Record<Internal, unknown>>;
  const { lastCheckAt, responseTimeMs, errorMessage, category, fault, check, ...others } = attributes;
  const {
    recent,
    changes = [],
    holds = [],
    spent,
    lastTransition,
    unrecorded,
    unrecordedTransitions,
    ...fields
  } = others;
  const lastCheck =
    stored.lastCheckAt === undefined ? null : checkFrom(stored, provider, stored.lastCheckAt, stored.model);
  return {
    ...ABSENT,
    ...(stored.state === 'degraded' && { retryAt: null }),
    ...(stored.state === 'blacklisted' && { holdUntil: null }),
    // Each field is one of its state: the compiler loses that on the way.
    ...(fields as PlainAttributes & StateDetail),
    provider,
    lastCheck,
    // A monitor older than the attribute wrote the median alone.
    typicalResponseMs: fields.typicalResponseMs ?? fields.medianResponseMs ?? null,
    recent: {
      responseTimesMs: recent?.ms ?? [],
      isHealthy: [...(recent?.ok ?? '')].map((verdict) => verdict === '1'),
      ...(recent?.first && { firstTokensMs: recent.first }),
    },
    transitionTimes: changes.map(isoTime),
    blacklistTimes: holds.map(isoTime),
    lastTransition: lastTransition ? transitionFrom(lastTransition, provider, lastCheck) : null,
    tokensToday: spent ? { day: spent[0], count: spent[1] } : null,
  };
}

/**
 * All statuses of a Query for a program that may be of another release than the monitor, and checks what it needs: of an
 * item of another version, or that makes no sense, only the provider.
 */
export function statusesOnTrust(items: readonly Item[], now: Date): (ProviderStatus | { provider: unknown })[] {
  return items
    .filter((item) => !isExpired(item, now))
    .map((item) => {
      const nothing = { provider: item.sk };
      try {
        return item.v === SCHEMA_VERSION ? statusFrom(item as unknown as StoredStatus) : nothing;
      } catch {
        return nothing;
      }
    });
}

export function transitionFrom(map: TransitionMap, provider: string, lastCheck: HealthCheck | null): Transition {
  const at = isoTime(map.at);
  const own = { category: map.cat ?? null, fault: map.fault ?? null, errorMessage: map.err ?? null };
  const { category, fault, errorMessage } = map.check && lastCheck ? lastCheck : own;
  const { from, to, lasted: lastedMs } = map;
  return { id: `${at}#${provider}`, provider, from, to, at, category, fault, errorMessage, lastedMs };
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
