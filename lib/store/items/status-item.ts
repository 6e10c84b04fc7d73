/**
 * The STATUS item: the one that other programs read, also those in other languages. Nulls and zeros that say nothing
 * are left out. Where the item lies is keys.ts's; the other kinds of item are in the `…-item.ts` files.
 *
 * | attribute | |
 * | --- | --- |
 * | `pk`, `sk` | `STATUS`, the provider's id |
 * | `v`, `version`, `w` | version of this shape; of this status; id of the write |
 * | `state`, `isHealthy`, `since` | what is believed, and since when (ISO 8601 UTC, as all times but those in lists and maps) |
 * | `reason`, `retryAt` / `blacklistedFor`, `holdUntil` | of `degraded` / of `blacklisted` |
 * | `healthScore`, `routingScore`, `medianResponseMs`, `typicalResponseMs`, `successRate` | numbers |
 * | `trafficShare` | part of its usual traffic after a recovery; absent: 1 |
 * | `type`, `model`, `tags`, `intervalSeconds`, `targetResponseMs` | the provider's settings; `tags` absent: none |
 * | `enabled` | absent: true |
 * | `lastCheckAt`, `responseTimeMs` | of the last check; absent before the first |
 * | `errorMessage`, `category`, `fault` | of the last check; absent when it was good |
 * | `consecutiveFailures`, `consecutiveSuccesses` | absent: 0 |
 * | `flapping`, `tokenLimitReached` | absent: false |
 * | `drainUntil`, `drainReason`, `maintenanceUntil`, `maintenanceReason`, `lastHealthyAt`, `lastCompletionAt` | absent: none |
 * | `notice` | on a write that an alert may follow from: which kind it is; absent on every other |
 * | `check`, `recent`, `changes`, `holds`, `spent`, `lastTransition` | compact, for this product; times in epoch milliseconds |
 * | `unrecorded`, `unrecordedTransitions` | checks and transitions before the last one whose own items are not known to be written (unrecorded.ts); absent: none |
 *
 * `notice` lets a stream filter select those writes by the new image alone: `{ dynamodb: { NewImage: { notice: { S:
 * ["transition", …] } } } }`. On a `transition`, `lastTransition` is the change of state. The TICK item has its own
 * kinds under the same name (tick-item.ts).
 */

import { NOTICE_KINDS, type NoticeKind } from '../../health/alerting/notice.ts';
import { PROVIDER_TYPES } from '../../health/provider.ts';
import type { RecentChecks } from '../../health/recent.ts';
import { detailOf } from '../../health/state.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { StatusList } from '../store.ts';
import { type Carried, unrecordedChecks, unrecordedTransitions, withUnrecorded } from '../unrecorded.ts';
import { checkAttributes, FAULT, pauseReason, storedCheck } from './check-item.ts';
import { isExpired } from './expiry.ts';
import {
  absentOr,
  checked,
  checkVersion,
  compact,
  EPOCH_MS,
  FLAG,
  type Item,
  ItemError,
  type Kind,
  type Kinds,
  listOf,
  MAP,
  NUMBER,
  nullable,
  oneOf,
  optional,
  required,
  SCHEMA_VERSION,
  TEXT,
  TIME,
} from './fields.ts';
import { NOTICE_ATTRIBUTE, statusKey } from './keys.ts';
import {
  type CompactAttributes,
  type PlainAttributes,
  type RecentMap,
  type StateAttributes,
  type StoredStatus,
  statusFrom,
} from './stored-status.ts';
import { STATE, TRANSITION, transitionMap } from './stored-transition.ts';

const NOTICE = oneOf(NOTICE_KINDS);

const PLAIN: Kinds<PlainAttributes> = {
  type: oneOf(PROVIDER_TYPES),
  model: TEXT,
  tags: absentOr(listOf(TEXT)),
  enabled: absentOr(FLAG),
  intervalSeconds: NUMBER,
  targetResponseMs: NUMBER,
  version: NUMBER,
  isHealthy: FLAG,
  since: TIME,
  lastHealthyAt: absentOr(TIME),
  consecutiveFailures: absentOr(NUMBER),
  consecutiveSuccesses: absentOr(NUMBER),
  medianResponseMs: absentOr(NUMBER),
  typicalResponseMs: absentOr(NUMBER),
  trafficShare: absentOr(NUMBER),
  successRate: NUMBER,
  healthScore: NUMBER,
  routingScore: NUMBER,
  flapping: absentOr(FLAG),
  tokenLimitReached: absentOr(FLAG),
  lastCompletionAt: absentOr(TIME),
  drainUntil: absentOr(TIME),
  drainReason: absentOr(TEXT),
  maintenanceUntil: absentOr(TIME),
  maintenanceReason: absentOr(TEXT),
};
const DEGRADED = { reason: oneOf(['slow', 'rate_limited'] as const), retryAt: absentOr(TIME) };
const BLACKLISTED = { blacklistedFor: FAULT, holdUntil: absentOr(TIME) };

const SPENT: Kind<readonly [string, number]> = {
  what: 'a day and a count',
  is: (value): value is [string, number] => Array.isArray(value) && TEXT.is(value[0]) && NUMBER.is(value[1]),
};
const TIMES = absentOr(listOf(EPOCH_MS));
const COMPACT: Kinds<Omit<CompactAttributes, 'recent' | 'lastTransition' | 'unrecorded' | 'unrecordedTransitions'>> = {
  changes: TIMES,
  holds: TIMES,
  spent: absentOr(SPENT),
};
const RECENT: Kinds<RecentMap> = {
  ms: listOf(nullable(NUMBER)),
  ok: TEXT,
  first: absentOr(listOf(nullable(NUMBER))),
};

/**
 * @param notice The notice of this very write; null for none.
 * @param writeId Distinguishes a write of our own whose answer was lost from another one.
 */
export function statusItem(status: ProviderStatus, notice: NoticeKind | null, writeId: string): Item {
  const { lastTransition } = status;
  if (notice === 'transition' && (lastTransition === null || lastTransition.at !== status.lastCheck?.timestamp)) {
    throw new TypeError(
      `status of ${status.provider}: lastTransition: expected the transition of this write, at ` +
        `${status.lastCheck?.timestamp ?? 'no check'}, got ${lastTransition?.at ?? 'none'}`,
    );
  }
  const { lastCheck: check } = status;
  const item = compact({
    ...statusKey(status.provider),
    v: SCHEMA_VERSION,
    version: status.version,
    w: writeId,
    [NOTICE_ATTRIBUTE]: notice,
    ...detailOf(status),
    isHealthy: status.isHealthy,
    since: status.since,
    healthScore: status.healthScore,
    routingScore: status.routingScore,
    medianResponseMs: status.medianResponseMs,
    typicalResponseMs: status.typicalResponseMs,
    trafficShare: status.trafficShare < 1 ? status.trafficShare : null,
    successRate: status.successRate,
    type: status.type,
    model: status.model,
    tags: status.tags.length > 0 ? [...status.tags] : null,
    enabled: status.enabled ? null : false,
    intervalSeconds: status.intervalSeconds,
    targetResponseMs: status.targetResponseMs,
    ...(check && { lastCheckAt: check.timestamp, ...checkAttributes(check, status.model) }),
    consecutiveFailures: status.consecutiveFailures || null,
    consecutiveSuccesses: status.consecutiveSuccesses || null,
    flapping: status.flapping || null,
    tokenLimitReached: status.tokenLimitReached || null,
    lastHealthyAt: status.lastHealthyAt,
    lastCompletionAt: status.lastCompletionAt,
    drainUntil: status.drainUntil,
    drainReason: status.drainReason && pauseReason(status.drainReason),
    maintenanceUntil: status.maintenanceUntil,
    maintenanceReason: status.maintenanceReason && pauseReason(status.maintenanceReason),
    recent: status.recent.isHealthy.length > 0 ? recentAttribute(status.recent) : null,
    changes: epochList(status.transitionTimes),
    holds: epochList(status.blacklistTimes),
    spent: status.tokensToday && [status.tokensToday.day, status.tokensToday.count],
    lastTransition: status.lastTransition && transitionMap(status.lastTransition, check),
  });
  return withUnrecorded(item, carriedIn(status), status.model);
}

/** How many of the checks and transitions that it carries the status's item has room for: the newest ones. */
export function carriedCounts(status: ProviderStatus): { checks: number; transitions: number } {
  const { checks, transitions } = carriedIn(status);
  if (checks.length + transitions.length === 0) return { checks: 0, transitions: 0 };
  const item = statusItem(status, null, '');
  const count = (list: unknown) => (Array.isArray(list) ? list.length : 0);
  return { checks: count(item.unrecorded), transitions: count(item.unrecordedTransitions) };
}

function carriedIn({ unrecorded = [], unrecordedTransitions = [] }: ProviderStatus): Carried {
  return { checks: unrecorded, transitions: unrecordedTransitions };
}

/** The notice of the write that left this item; null for none. @throws {ItemError} */
export function noticeFromItem(item: Item): NoticeKind | null {
  return optional(item, NOTICE_ATTRIBUTE, NOTICE, null);
}

/** @throws {ItemError} */
export function statusFromItem(item: Item): ProviderStatus {
  checkVersion(item);
  const recent = required(item, 'recent', absentOr(MAP));
  const lastTransition = required(item, 'lastTransition', absentOr(MAP));
  const lastCheckAt = required(item, 'lastCheckAt', absentOr(TIME));
  const stored: StoredStatus = {
    sk: required(item, 'sk', TEXT),
    ...stateAttributes(item),
    ...checked(item, PLAIN),
    ...checked(item, COMPACT),
    ...(lastCheckAt !== undefined && { lastCheckAt, ...storedCheck(item) }),
    ...(recent && { recent: recentMap(recent) }),
    ...(lastTransition && { lastTransition: checked(lastTransition, TRANSITION) }),
  };
  const checks = unrecordedChecks(item, stored.sk, stored.model);
  const transitions = unrecordedTransitions(item, stored.sk);
  return {
    ...statusFrom(stored),
    ...(checks.length > 0 && { unrecorded: checks }),
    ...(transitions.length > 0 && { unrecordedTransitions: transitions }),
  };
}

/** All statuses of a Query, in its order. An item that cannot be understood is named beside them, and costs no other. */
export function statusesFromItems(items: readonly Item[], now: Date): StatusList {
  const list: StatusList = { statuses: [], unreadable: [] };
  for (const item of items) {
    if (isExpired(item, now)) continue;
    try {
      list.statuses.push(statusFromItem(item));
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      list.unreadable.push({ provider: String(item.sk), reason: error.message });
    }
  }
  return list;
}

function stateAttributes(item: Item): StateAttributes {
  const state = required(item, 'state', STATE);
  switch (state) {
    case 'unknown':
    case 'healthy':
    case 'unhealthy':
      return { state };
    case 'degraded':
      return { state, ...checked(item, DEGRADED) };
    case 'blacklisted':
      return { state, ...checked(item, BLACKLISTED) };
    default: {
      const never: never = state;
      return never;
    }
  }
}

function recentMap(map: Item): RecentMap {
  const recent = checked(map, RECENT);
  const verdicts = recent.ok.length;
  if (verdicts === recent.ms.length) return recent;
  throw new ItemError(`recent: expected as many times as verdicts, got ${recent.ms.length} and ${verdicts}`);
}

function recentAttribute({ responseTimesMs, isHealthy, firstTokensMs }: RecentChecks): RecentMap {
  return {
    ms: [...responseTimesMs],
    ok: isHealthy.map((good) => (good ? '1' : '0')).join(''),
    ...(firstTokensMs && { first: [...firstTokensMs] }),
  };
}

function epochList(times: readonly string[]): number[] | null {
  return times.length > 0 ? times.map((time) => Date.parse(time)) : null;
}
