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
 * | `healthScore`, `routingScore`, `medianResponseMs`, `successRate` | numbers |
 * | `type`, `model`, `tags`, `intervalSeconds`, `targetResponseMs` | the provider's settings; `tags` absent: none |
 * | `enabled` | absent: true |
 * | `lastCheckAt`, `responseTimeMs` | of the last check; absent before the first |
 * | `errorMessage`, `category`, `fault` | of the last check; absent when it was good |
 * | `consecutiveFailures`, `consecutiveSuccesses` | absent: 0 |
 * | `flapping`, `tokenLimitReached` | absent: false |
 * | `drainUntil`, `drainReason`, `maintenanceUntil`, `maintenanceReason`, `lastHealthyAt`, `lastCompletionAt` | absent: none |
 * | `notice` | on a write that somebody may have to be told of: which kind it is; absent on every other |
 * | `check`, `recent`, `changes`, `holds`, `spent`, `lastTransition` | compact, for this product; times in epoch milliseconds |
 *
 * `notice` lets a stream filter select those writes by the new image alone: `{ dynamodb: { NewImage: { notice: { S:
 * ["transition", …] } } } }`. On a `transition`, `lastTransition` is the change of state. The TICK item has its own
 * kinds under the same name (tick-item.ts).
 */

import type { Fault } from '../health/category.ts';
import type { HealthCheck } from '../health/check.ts';
import { NOTICE_KINDS, type NoticeKind } from '../health/notice.ts';
import { PROVIDER_TYPES } from '../health/provider.ts';
import type { RecentChecks } from '../health/recent.ts';
import { detailOf, type StateDetail } from '../health/state.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Transition } from '../health/transition.ts';
import { CATEGORY, checkAttributes, checkFromAttributes, FAULT, lesserText, pauseReason } from './check-item.ts';
import { isExpired } from './expiry.ts';
import {
  checkVersion,
  compact,
  EPOCH_MS,
  FLAG,
  type Item,
  ItemError,
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
import type { StatusList } from './store.ts';
import { STATE } from './transition-item.ts';

const NOTICE = oneOf(NOTICE_KINDS);

const TYPE = oneOf(PROVIDER_TYPES);
const REASON = oneOf(['slow', 'rate_limited'] as const);

/**
 * @param notice What somebody may have to be told of this very write; null for nothing.
 * @param writeId Tells a write of our own whose answer was lost from somebody else's.
 */
export function statusItem(status: ProviderStatus, notice: NoticeKind | null, writeId: string): Item {
  const { lastTransition } = status;
  if (notice === 'transition' && (lastTransition === null || lastTransition.at !== status.lastCheck?.timestamp)) {
    throw new TypeError(
      `status of ${status.provider}: lastTransition: expected the transition of this write, at ` +
        `${status.lastCheck?.timestamp ?? 'no check'}, got ${lastTransition?.at ?? 'none'}`,
    );
  }
  const check = status.lastCheck;
  return compact({
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
    recent: status.recent.isHealthy.length > 0 ? recentMap(status.recent) : null,
    changes: epochList(status.transitionTimes),
    holds: epochList(status.blacklistTimes),
    spent: status.tokensToday && [status.tokensToday.day, status.tokensToday.count],
    lastTransition: status.lastTransition && transitionMap(status.lastTransition, check),
  });
}

/** What somebody may have to be told of the write that left this item; null for nothing. @throws {ItemError} */
export function noticeFromItem(item: Item): NoticeKind | null {
  return optional(item, NOTICE_ATTRIBUTE, NOTICE, null);
}

/** @throws {ItemError} */
export function statusFromItem(item: Item): ProviderStatus {
  checkVersion(item);
  const provider = required(item, 'sk', TEXT);
  const model = required(item, 'model', TEXT);
  const checkedAt = optional(item, 'lastCheckAt', TIME, null);
  const lastCheck = checkedAt === null ? null : checkFromAttributes(item, provider, checkedAt, model);
  const lastTransition = optional(item, 'lastTransition', MAP, null);
  return {
    ...stateDetail(item),
    provider,
    model,
    type: required(item, 'type', TYPE),
    tags: optional(item, 'tags', listOf(TEXT), []),
    enabled: optional(item, 'enabled', FLAG, true),
    intervalSeconds: required(item, 'intervalSeconds', NUMBER),
    targetResponseMs: required(item, 'targetResponseMs', NUMBER),
    version: required(item, 'version', NUMBER),
    isHealthy: required(item, 'isHealthy', FLAG),
    since: required(item, 'since', TIME),
    lastCheck,
    lastHealthyAt: optional(item, 'lastHealthyAt', TIME, null),
    consecutiveFailures: optional(item, 'consecutiveFailures', NUMBER, 0),
    consecutiveSuccesses: optional(item, 'consecutiveSuccesses', NUMBER, 0),
    recent: recentFromMap(optional(item, 'recent', MAP, null)),
    medianResponseMs: optional(item, 'medianResponseMs', NUMBER, null),
    successRate: required(item, 'successRate', NUMBER),
    healthScore: required(item, 'healthScore', NUMBER),
    routingScore: required(item, 'routingScore', NUMBER),
    flapping: optional(item, 'flapping', FLAG, false),
    tokenLimitReached: optional(item, 'tokenLimitReached', FLAG, false),
    transitionTimes: timesFromEpochs(item, 'changes'),
    blacklistTimes: timesFromEpochs(item, 'holds'),
    lastTransition: lastTransition && transitionFromMap(lastTransition, provider, lastCheck),
    tokensToday: tokensToday(item),
    lastCompletionAt: optional(item, 'lastCompletionAt', TIME, null),
    drainUntil: optional(item, 'drainUntil', TIME, null),
    drainReason: optional(item, 'drainReason', TEXT, null),
    maintenanceUntil: optional(item, 'maintenanceUntil', TIME, null),
    maintenanceReason: optional(item, 'maintenanceReason', TEXT, null),
  };
}

/** All statuses of a Query, in its order. An item that cannot be understood is told beside them, and costs no other. */
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

function stateDetail(item: Item): StateDetail {
  const state = required(item, 'state', STATE);
  switch (state) {
    case 'unknown':
    case 'healthy':
    case 'unhealthy':
      return { state };
    case 'degraded':
      return { state, reason: required(item, 'reason', REASON), retryAt: optional(item, 'retryAt', TIME, null) };
    case 'blacklisted':
      return {
        state,
        blacklistedFor: required(item, 'blacklistedFor', FAULT),
        holdUntil: optional(item, 'holdUntil', TIME, null),
      };
    default: {
      const never: never = state;
      return never;
    }
  }
}

/** The verdicts as a text of ones and zeros: 20 bytes instead of a list's 40. */
function recentMap(recent: RecentChecks): Item {
  return { ms: [...recent.responseTimesMs], ok: recent.isHealthy.map((good) => (good ? '1' : '0')).join('') };
}

function recentFromMap(map: Item | null): RecentChecks {
  if (map === null) return { responseTimesMs: [], isHealthy: [] };
  const responseTimesMs = required(map, 'ms', listOf(nullable(NUMBER)));
  const isHealthy = [...required(map, 'ok', TEXT)].map((verdict) => verdict === '1');
  if (isHealthy.length !== responseTimesMs.length) {
    throw new ItemError(
      `recent: expected as many times as verdicts, got ${responseTimesMs.length} and ${isHealthy.length}`,
    );
  }
  return { responseTimesMs, isHealthy };
}

function epochList(times: readonly string[]): number[] | null {
  return times.length > 0 ? times.map((time) => Date.parse(time)) : null;
}

function timesFromEpochs(item: Item, name: string): string[] {
  return optional(item, name, listOf(EPOCH_MS), []).map((epochMs) => new Date(epochMs).toISOString());
}

/**
 * The failure that the last check tells already is not told again: `check` stands for it. An older one has its own,
 * cut shorter, since the last check's may be as long.
 */
function transitionMap(transition: Transition, check: HealthCheck | null): Item {
  const { category, fault, errorMessage } = transition;
  const told =
    check !== null &&
    category !== null &&
    check.category === category &&
    check.fault === fault &&
    check.errorMessage === errorMessage;
  return compact({
    from: transition.from,
    to: transition.to,
    at: Date.parse(transition.at),
    lasted: transition.lastedMs,
    ...(told ? { check: true } : { cat: category, fault, err: errorMessage && lesserText(errorMessage) }),
  });
}

function transitionFromMap(map: Item, provider: string, check: HealthCheck | null): Transition {
  const at = new Date(required(map, 'at', EPOCH_MS)).toISOString();
  const told = optional(map, 'check', FLAG, false) ? check : null;
  return {
    id: `${at}#${provider}`,
    provider,
    from: required(map, 'from', STATE),
    to: required(map, 'to', STATE),
    at,
    category: told ? told.category : optional(map, 'cat', CATEGORY, null),
    fault: told ? told.fault : optional<Fault, null>(map, 'fault', FAULT, null),
    errorMessage: told ? told.errorMessage : optional(map, 'err', TEXT, null),
    lastedMs: required(map, 'lasted', NUMBER),
  };
}

function tokensToday(item: Item): ProviderStatus['tokensToday'] {
  const spent = item.spent;
  if (spent === undefined) return null;
  const [day, count] = Array.isArray(spent) ? spent : [];
  if (typeof day === 'string' && typeof count === 'number') return { day, count };
  throw new ItemError('spent: expected a day and a count, got something else');
}
