/**
 * The attributes of a STATUS item: their kinds, and the meaning when one is absent. docs/table.md describes them for programs in
 * other languages. The monitor may have another release than a program that reads, so reading does not check the attributes.
 * The monitor itself calls {@link verifyStatus} first.
 */

import { NO_CHECKS, type RecentChecks } from '../../health/recent.ts';
import { isWorking } from '../../health/state.ts';
import type { ProviderStatus, StateDetail, StatusFields } from '../../health/status.ts';
import type { State } from '../../health/transition.ts';
import {
  type AttributeTable,
  always,
  map,
  namesIn,
  orNull,
  readAttributes,
  unless,
  verifyAttributes,
  writeAttributes,
} from './attribute-table.ts';
import { readCheck, verifyCheck, writeCheck } from './check-attributes.ts';
import { isExpired } from './expiry.ts';
import { ItemError, optional, required, SCHEMA_VERSION } from './fields.ts';
import { countFrom, timesFrom, verdictsFrom } from './forms.ts';
import type { Item } from './kinds.ts';
import { readTransition, verifyTransition, writeTransition } from './stored-transition.ts';

/** The last checks, as parallel lists. */
const RECENT: AttributeTable<RecentChecks> = {
  responseTimesMs: unless([], 'measured', 'ms'),
  isHealthy: unless([], 'verdicts', 'ok', verdictsFrom),
  firstTokensMs: unless(undefined, 'measured', 'first'),
};

/** Fields that the table does not cover, because they depend on other attributes. */
type Apart = 'provider' | 'lastCheck' | 'lastTransition' | 'dayCounts' | 'unrecorded' | 'unrecordedTransitions';

export const FIELDS: AttributeTable<Omit<StatusFields, Apart> & Pick<StateDetail, 'state' | 'isHealthy'>> = {
  state: always('state'),
  isHealthy: always('flag'),
  type: always('providerType'),
  model: always('text'),
  tags: unless([], 'texts'),
  enabled: unless(true, 'flag'),
  intervalSeconds: always('number'),
  targetResponseMs: always('number'),
  version: always('number'),
  since: always('time'),
  lastHealthyAt: orNull('time'),
  consecutiveFailures: unless(0, 'number'),
  consecutiveSuccesses: unless(0, 'number'),
  recent: map(NO_CHECKS, RECENT),
  medianResponseMs: orNull('number'),
  typicalResponseMs: orNull('number'),
  successRate: always('number'),
  healthScore: always('number'),
  routingScore: always('number'),
  trafficShare: unless(1, 'number'),
  flapping: unless(false, 'flag'),
  transitionTimes: unless([], 'epochMsList', 'changes', timesFrom),
  blacklistTimes: unless([], 'epochMsList', 'holds', timesFrom),
  tokensToday: orNull('dayAndCount', 'spent', countFrom),
  tokenLimitReached: unless(false, 'flag'),
  lastCompletionAt: orNull('time'),
  drainUntil: orNull('time'),
  drainReason: orNull('pauseReason'),
  maintenanceUntil: orNull('time'),
  maintenanceReason: orNull('pauseReason'),
};

/** The fields that only one state has. */
type DetailOf<S extends State> = Omit<Extract<StateDetail, { state: S }>, 'state' | 'isHealthy'>;

export const DETAILS: { readonly [S in State]: AttributeTable<DetailOf<S>> } = {
  unknown: {},
  healthy: {},
  degraded: { reason: always('degradedReason'), retryAt: orNull('time') },
  unhealthy: {},
  blacklisted: { blacklistedFor: always('fault'), holdUntil: orNull('time') },
};

/** The names of the attributes of a status, without those of its last check. */
export function statusAttributes(): string[] {
  return [
    ...[FIELDS, ...Object.values(DETAILS)].flatMap(namesIn),
    ...['lastCheckAt', 'lastTransition', 'days', 'unrecorded', 'unrecordedTransitions'],
  ];
}

/** Writes the fields that all programs read. The caller adds those of the monitor: counts of days, and unrecorded checks. */
export function writeStatus(status: ProviderStatus, item: Record<string, unknown>): void {
  const { lastCheck, lastTransition } = status;
  writeAttributes(FIELDS, status, item);
  writeAttributes<object>(DETAILS[status.state], status, item);
  if (lastCheck !== null) {
    item.lastCheckAt = lastCheck.timestamp;
    writeCheck(lastCheck, status.model, item);
  }
  if (lastTransition !== null) item.lastTransition = writeTransition(lastTransition, lastCheck);
}

/** @throws {ItemError} */
export function verifyStatus(item: Item): void {
  const lastTransition = optional(item, 'lastTransition', 'map', null);
  const lastCheckAt = optional(item, 'lastCheckAt', 'time', null);
  required(item, 'sk', 'text');
  verifyAttributes(FIELDS, item);
  verifyAttributes<object>(DETAILS[item.state as State], item);
  const { ms = [], ok = '' } = (item.recent ?? {}) as { ms?: readonly unknown[]; ok?: string };
  if (ok.length !== ms.length) {
    throw new ItemError(`recent: expected as many times as verdicts, got ${ms.length} and ${ok.length}`);
  }
  if (lastCheckAt !== null) verifyCheck(item);
  if (lastTransition !== null) verifyTransition(lastTransition);
}

/** Reads the fields that {@link writeStatus} writes, without checking them: see {@link verifyStatus}. */
export function readStatus(item: Item): ProviderStatus {
  const { sk, lastCheckAt, lastTransition } = item as {
    sk: string;
    lastCheckAt?: string;
    lastTransition?: Item;
  };
  const fields = readAttributes(FIELDS, item);
  const lastCheck = lastCheckAt === undefined ? null : readCheck(item, sk, lastCheckAt, fields.model);
  return {
    ...readAttributes<object>(DETAILS[fields.state], item),
    ...fields,
    isHealthy: isWorking(fields.state),
    provider: sk,
    lastCheck,
    lastTransition: lastTransition ? readTransition(lastTransition, sk, lastCheck) : null,
    // Older releases wrote only the median.
    typicalResponseMs: fields.typicalResponseMs ?? fields.medianResponseMs,
    // The compiler cannot see that each state's table reads the fields of that state.
  } as ProviderStatus;
}

/**
 * All statuses of a Query, for a program that may have another release than the monitor. The program checks the fields that it
 * needs. An item of another version, or one that cannot be understood, becomes an object with only the provider.
 */
export function statusesOnTrust(items: readonly Item[], now: Date): (ProviderStatus | { provider: unknown })[] {
  return items
    .filter((item) => !isExpired(item, now))
    .map((item) => {
      const nothing = { provider: item.sk };
      try {
        // `isHealthy` follows from the state, but an item without the attribute is not a status.
        return item.v === SCHEMA_VERSION && typeof item.isHealthy === 'boolean' ? readStatus(item) : nothing;
      } catch {
        return nothing;
      }
    });
}
