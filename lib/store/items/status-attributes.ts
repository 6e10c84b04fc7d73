/**
 * The attributes of a STATUS item: which there are, what each may be, and what it means that one is absent. docs/table.md
 * describes them for programs in other languages. A status in the table may be of another release than the program that
 * reads it, so reading takes the attributes as they are; the monitor itself calls {@link verifyStatus} first.
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

/** What has an attribute of another form, or depends on one. */
type Apart = 'provider' | 'lastCheck' | 'lastTransition' | 'dayCounts' | 'unrecorded' | 'unrecordedTransitions';

const FIELDS: AttributeTable<Omit<StatusFields, Apart> & Pick<StateDetail, 'state' | 'isHealthy'>> = {
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
  lastHealthyAt: unless(null, 'time'),
  consecutiveFailures: unless(0, 'number'),
  consecutiveSuccesses: unless(0, 'number'),
  recent: map(NO_CHECKS, RECENT),
  medianResponseMs: unless(null, 'number'),
  typicalResponseMs: unless(null, 'number'),
  successRate: always('number'),
  healthScore: always('number'),
  routingScore: always('number'),
  trafficShare: unless(1, 'number'),
  flapping: unless(false, 'flag'),
  transitionTimes: unless([], 'epochMsList', 'changes', timesFrom),
  blacklistTimes: unless([], 'epochMsList', 'holds', timesFrom),
  tokensToday: unless(null, 'dayAndCount', 'spent', countFrom),
  tokenLimitReached: unless(false, 'flag'),
  lastCompletionAt: unless(null, 'time'),
  drainUntil: unless(null, 'time'),
  drainReason: unless(null, 'pauseReason'),
  maintenanceUntil: unless(null, 'time'),
  maintenanceReason: unless(null, 'pauseReason'),
};

/** The fields that only one state has. */
type DetailOf<S extends State> = Omit<Extract<StateDetail, { state: S }>, 'state' | 'isHealthy'>;

const DETAILS: { readonly [S in State]: AttributeTable<DetailOf<S>> } = {
  unknown: {},
  healthy: {},
  degraded: { reason: always('degradedReason'), retryAt: unless(null, 'time') },
  unhealthy: {},
  blacklisted: { blacklistedFor: always('fault'), holdUntil: unless(null, 'time') },
};

/** The names of the attributes that hold a status, beside those of its last check. */
export function statusAttributes(): string[] {
  return [
    ...[FIELDS, ...Object.values(DETAILS)].flatMap(namesIn),
    ...['lastCheckAt', 'lastTransition', 'days', 'unrecorded', 'unrecordedTransitions'],
  ];
}

/** Writes everything but what the monitor alone reads: the counts of days, and what has no item of its own yet. */
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

/** Takes the attributes as they are: see {@link verifyStatus}. Without what the monitor alone reads, as {@link writeStatus}. */
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
    // A monitor older than the attribute wrote the median alone.
    typicalResponseMs: fields.typicalResponseMs ?? fields.medianResponseMs,
    // Each state's table reads the fields of that state: the compiler cannot see it here.
  } as ProviderStatus;
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
        // The state says whether it works, but an item without a verdict is no status.
        return item.v === SCHEMA_VERSION && typeof item.isHealthy === 'boolean' ? readStatus(item) : nothing;
      } catch {
        return nothing;
      }
    });
}
