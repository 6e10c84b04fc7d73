/**
 * The attributes of a STATUS item: which there are, what each may be, and what it means that one is absent. docs/table.md
 * describes them for programs in other languages. A status in the table may be of another release than the program that
 * reads it, so reading takes the attributes as they are; the monitor itself calls {@link verifyStatus} first.
 */

import { PROVIDER_TYPES } from '../../health/provider.ts';
import { NO_CHECKS, type RecentChecks } from '../../health/recent.ts';
import { isWorking } from '../../health/state.ts';
import type { ProviderStatus, StateDetail, StatusFields } from '../../health/status.ts';
import type { State } from '../../health/transition.ts';
import { type Attribute, AttributeTable, always, coded, list, map, unless } from './attribute-table.ts';
import { readCheck, verifyCheck, writeCheck } from './check-attributes.ts';
import { isExpired } from './expiry.ts';
import { ItemError, optional, required, SCHEMA_VERSION } from './fields.ts';
import {
  EPOCH_MS,
  FAULT,
  FLAG,
  type Item,
  type Kind,
  listOf,
  MAP,
  NUMBER,
  nullable,
  oneOf,
  STATE,
  TEXT,
  TIME,
} from './kinds.ts';
import { readTransition, verifyTransition, writeTransition } from './stored-transition.ts';
import { pauseReason } from './text.ts';

/** The last checks, as parallel lists; the verdicts as a text of ones and zeros: 20 bytes instead of a list's 40. */
const RECENT = new AttributeTable<RecentChecks>({
  responseTimesMs: list(listOf(nullable(NUMBER)), 'ms'),
  isHealthy: coded<readonly boolean[], string>({
    as: 'ok',
    kind: TEXT,
    absent: [],
    write: (verdicts) => verdicts.map((good) => (good ? '1' : '0')).join(''),
    read: (text) => [...text].map((verdict) => verdict === '1'),
  }),
  firstTokensMs: unless(undefined, listOf(nullable(NUMBER)), { as: 'first', write: copied }),
});

/** What has an attribute of another form, or depends on one. */
type Apart = 'provider' | 'lastCheck' | 'lastTransition' | 'dayCounts' | 'unrecorded' | 'unrecordedTransitions';

const FIELDS = new AttributeTable<Omit<StatusFields, Apart>>({
  type: always(oneOf(PROVIDER_TYPES)),
  model: always(TEXT),
  tags: list(listOf(TEXT)),
  enabled: unless(true, FLAG),
  intervalSeconds: always(NUMBER),
  targetResponseMs: always(NUMBER),
  version: always(NUMBER),
  since: always(TIME),
  lastHealthyAt: unless(null, TIME),
  consecutiveFailures: unless(0, NUMBER),
  consecutiveSuccesses: unless(0, NUMBER),
  recent: recentChecks(),
  medianResponseMs: unless(null, NUMBER),
  typicalResponseMs: unless(null, NUMBER),
  successRate: always(NUMBER),
  healthScore: always(NUMBER),
  routingScore: always(NUMBER),
  trafficShare: unless(1, NUMBER),
  flapping: unless(false, FLAG),
  transitionTimes: times('changes'),
  blacklistTimes: times('holds'),
  tokensToday: coded<StatusFields['tokensToday'], readonly [day: string, count: number]>({
    as: 'spent',
    kind: dayAndCount(),
    absent: null,
    write: (tokens) => tokens && [tokens.day, tokens.count],
    read: ([day, count]) => ({ day, count }),
  }),
  tokenLimitReached: unless(false, FLAG),
  lastCompletionAt: unless(null, TIME),
  drainUntil: unless(null, TIME),
  drainReason: unless(null, TEXT, { write: pauseReason }),
  maintenanceUntil: unless(null, TIME),
  maintenanceReason: unless(null, TEXT, { write: pauseReason }),
});

/** The fields that only one state has. */
type DetailOf<S extends State> = Omit<Extract<StateDetail, { state: S }>, 'state' | 'isHealthy'>;

const DETAILS: { readonly [S in State]: AttributeTable<DetailOf<S>> } = {
  unknown: new AttributeTable({}),
  healthy: new AttributeTable({}),
  degraded: new AttributeTable({ reason: always(oneOf(['slow', 'rate_limited'])), retryAt: unless(null, TIME) }),
  unhealthy: new AttributeTable({}),
  blacklisted: new AttributeTable({ blacklistedFor: always(FAULT), holdUntil: unless(null, TIME) }),
};

/** The names of the attributes that hold a status, beside those of its last check. */
export const STATUS_ATTRIBUTES: readonly string[] = [
  ...FIELDS.names,
  ...Object.values(DETAILS).flatMap(({ names }) => names),
  ...['state', 'isHealthy', 'lastCheckAt', 'lastTransition', 'days', 'unrecorded', 'unrecordedTransitions'],
];

/** Writes everything but what the monitor alone reads: the counts of days, and what has no item of its own yet. */
export function writeStatus(status: ProviderStatus, item: Record<string, unknown>): void {
  const { lastCheck, lastTransition } = status;
  item.state = status.state;
  item.isHealthy = status.isHealthy;
  (DETAILS[status.state] as AttributeTable<object>).write(status, item);
  FIELDS.write(status, item);
  if (lastCheck !== null) {
    item.lastCheckAt = lastCheck.timestamp;
    writeCheck(lastCheck, status.model, item);
  }
  if (lastTransition !== null) item.lastTransition = writeTransition(lastTransition, lastCheck);
}

/** @throws {ItemError} */
export function verifyStatus(item: Item): void {
  const lastTransition = optional(item, 'lastTransition', MAP, null);
  const lastCheckAt = optional(item, 'lastCheckAt', TIME, null);
  required(item, 'sk', TEXT);
  DETAILS[required(item, 'state', STATE)].verify(item);
  FIELDS.verify(item);
  if (lastCheckAt !== null) verifyCheck(item);
  if (lastTransition !== null) verifyTransition(lastTransition);
}

/** Takes the attributes as they are: see {@link verifyStatus}. Without what the monitor alone reads, as {@link writeStatus}. */
export function readStatus(item: Item): ProviderStatus {
  const { sk, state, lastCheckAt, lastTransition } = item as {
    sk: string;
    state: State;
    lastCheckAt?: string;
    lastTransition?: Item;
  };
  required(item, 'isHealthy', FLAG);
  const fields = FIELDS.read(item);
  const lastCheck = lastCheckAt === undefined ? null : readCheck(item, sk, lastCheckAt, fields.model);
  return {
    state,
    isHealthy: isWorking(state),
    ...DETAILS[state].read(item),
    ...fields,
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
        return item.v === SCHEMA_VERSION ? readStatus(item) : nothing;
      } catch {
        return nothing;
      }
    });
}

function recentChecks(): Attribute<RecentChecks> {
  const asMap = map(RECENT);
  return {
    ...asMap,
    absent: NO_CHECKS,
    write: (recent) => (recent.isHealthy.length > 0 ? RECENT.write(recent) : null),
    read: (stored) => RECENT.read(stored as Item),
    verify: (stored) => {
      const { ms = [], ok = '' } = stored as { ms?: readonly unknown[]; ok?: string };
      RECENT.verify(stored as Item);
      if (ok.length === ms.length) return;
      throw new ItemError(`recent: expected as many times as verdicts, got ${ms.length} and ${ok.length}`);
    },
  };
}

/** Times in epoch milliseconds: a third of the bytes of a text. */
function times(as: string): Attribute<readonly string[]> {
  return coded<readonly string[], readonly number[]>({
    as,
    kind: listOf(EPOCH_MS),
    absent: [],
    write: (texts) => (texts.length > 0 ? texts.map((text) => Date.parse(text)) : null),
    read: (stored) => stored.map((epochMs) => new Date(epochMs).toISOString()),
  });
}

function dayAndCount(): Kind<readonly [day: string, count: number]> {
  return {
    what: 'a day and a count',
    is: (value): value is [string, number] => Array.isArray(value) && TEXT.is(value[0]) && NUMBER.is(value[1]),
  };
}

function copied<T>(entries: readonly T[]): readonly T[] {
  return [...entries];
}
