/**
 * The store in memory, for programs without a table and for tests. It keeps the same items as the table, so that both shorten
 * texts and expire items in the same way.
 */

import { HOUR_MS } from '../../base/time.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { checkItem } from '../items/check-item.ts';
import { dayItem, daysFromItems, daysRange } from '../items/day-item.ts';
import { isExpired } from '../items/expiry.ts';
import { fleetDaysFromItems, fleetDaysItems } from '../items/fleet-days-item.ts';
import { hourItems, hoursFromItems, hoursRange } from '../items/hour-item.ts';
import {
  FLEET_DAYS_PARTITION,
  MANUAL_CHECK_KEY,
  REGISTRATION_PARTITION,
  registrationKey,
  STATUS_PARTITION,
  statusKey,
  TOUCHED_KEY,
  tickKey,
  transitionKey,
} from '../items/keys.ts';
import type { Item } from '../items/kinds.ts';
import { type ManualUsage, NO_USAGE, takeManualCheck, usageFromItem, usageItem } from '../items/manual-usage.ts';
import { registrationFromItem, registrationItem } from '../items/registration-item.ts';
import { briefStatusesFromItems, statusesFromItems, statusFromItem, statusItem } from '../items/status-item.ts';
import { claimedItem, finishedItem, heartbeatFromItem, isNewestHeartbeat, verdictOn } from '../items/tick-item.ts';
import { touchedItem, writeOfTouched } from '../items/touched-item.ts';
import { transitionItem } from '../items/transition-item.ts';
import { checksPage, type PageQuery, toPage, transitionsPage } from '../paging.ts';
import type { Page, Store } from '../store.ts';
import { memoryAlerts } from './alerts.ts';
import { LivingItems } from './living.ts';
import { MemoryTable, NO_WRITE_ID } from './table.ts';

export interface MemoryStoreOptions {
  /** The clock that decides which items have expired. Default: the system's clock. */
  now?: () => Date;
  /**
   * How many checks are kept for each provider; the newest stay. Default 1500: a day with one check a minute, about half a
   * megabyte. 0: no history at all, neither checks nor hours, days and transitions; about 1 KB for each provider.
   */
  checksPerProvider?: number;
}

/** A store that can also return statuses synchronously. */
export interface MemoryStore extends Store {
  readonly atOnce: {
    status(provider: string): ProviderStatus | null;
    /** Ordered by id. */
    statuses(): ProviderStatus[];
  };
}

/** How many transitions are kept, of all providers together: a few megabytes at most. */
const TRANSITIONS_KEPT = 10_000;
/** How many hours and days are kept for each provider: enough for the windows of 7 and 90 days. */
const HOURS_KEPT = 200;
const DAYS_KEPT = 100;
/** How many sent alerts are kept for each provider. */
const ANNOUNCED_KEPT = 200;
/** How often expired items are removed. Until then reading leaves them out. */
const SWEEP_MS = HOUR_MS;

/** Creates an empty store. Its data is lost when the process ends. */
export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { now = () => new Date(), checksPerProvider = 1500 } = options;
  const [hoursKept, daysKept, transitionsKept, announcedKept] =
    checksPerProvider === 0 ? [0, 0, 0, 0] : [HOURS_KEPT, DAYS_KEPT, TRANSITIONS_KEPT, ANNOUNCED_KEPT];
  const table = new MemoryTable();
  let sweptAtMs = now().getTime();
  let touches = 0;

  const living = new LivingItems(table, now);
  const manualUsage = (): ManualUsage => {
    const item = table.get(MANUAL_CHECK_KEY);
    return item ? usageFromItem(item) : NO_USAGE;
  };

  /** Removes expired items. Without it, the checks of removed providers would stay for ever. */
  const sweep = (): void => {
    const at = now();
    if (Math.abs(at.getTime() - sweptAtMs) < SWEEP_MS) return;
    sweptAtMs = at.getTime();
    table.dropFirstWhile((item) => isExpired(item, at));
  };

  const statusOf = (provider: string): ProviderStatus | null => {
    const item = living.find(statusKey(provider));
    return item && statusFromItem(item);
  };
  const heartbeatOf = (shard: string) => {
    const item = table.get(tickKey(shard));
    return item && heartbeatFromItem(item);
  };
  const listStatuses = () => statusesFromItems(table.list(STATUS_PARTITION), now());

  return {
    atOnce: { status: statusOf, statuses: () => listStatuses().statuses },
    statuses: {
      async get(provider) {
        return statusOf(provider);
      },
      async list() {
        return listStatuses();
      },
      async listBrief() {
        return briefStatusesFromItems(table.list(STATUS_PARTITION), now());
      },
      async some(providers) {
        const found = [...new Set(providers)].flatMap((provider): Item[] =>
          [living.find(statusKey(provider))].filter((item) => item !== null),
        );
        return statusesFromItems(found.sort(byKey), now());
      },
      async put(status, basedOn, notice) {
        if ((living.find(statusKey(status.provider))?.version ?? null) !== basedOn) return 'conflict';
        table.put(statusItem(status, notice, NO_WRITE_ID));
        return 'stored';
      },
      async delete(provider, basedOn) {
        const key = statusKey(provider);
        if (basedOn === undefined || living.find(key)?.version === basedOn) table.delete(key);
      },
      async touch() {
        touches += 1;
        table.put(touchedItem(String(touches)));
      },
      async touched() {
        return writeOfTouched(table.get(TOUCHED_KEY));
      },
    },
    registrations: {
      async list() {
        return living.list(REGISTRATION_PARTITION).map(registrationFromItem);
      },
      async get(provider) {
        const item = living.find(registrationKey(provider));
        return item && registrationFromItem(item);
      },
      async put(registration) {
        table.put(registrationItem(registration));
      },
      async delete(provider) {
        const existed = living.find(registrationKey(provider)) !== null;
        table.delete(registrationKey(provider));
        return existed;
      },
    },
    checks: {
      async put(checks) {
        sweep();
        for (const check of checks) table.put(checkItem(check), checksPerProvider);
        return { unstored: [] };
      },
      async page(provider, request) {
        return readPage(table, checksPage(provider, request), now());
      },
    },
    hours: {
      async put(hour) {
        for (const item of hourItems(hour)) table.put(item, hoursKept);
      },
      async list(provider, range) {
        return hoursFromItems(provider, living.between(hoursRange(provider, range)));
      },
    },
    days: {
      async put(day) {
        table.put(dayItem(day), daysKept);
      },
      async list(provider, range) {
        return daysFromItems(provider, living.between(daysRange(provider, range)));
      },
    },
    fleetDays: {
      async put(shard, providers) {
        if (daysKept === 0) return;
        for (const item of fleetDaysItems(shard, providers)) table.put(item);
      },
      async list() {
        return fleetDaysFromItems(table.list(FLEET_DAYS_PARTITION), now());
      },
    },
    transitions: {
      async put(transition) {
        if (living.find(transitionKey(transition.id)) !== null) return false;
        table.put(transitionItem(transition, NO_WRITE_ID), transitionsKept);
        return true;
      },
      async page(provider, request) {
        return readPage(table, transitionsPage(provider, request), now());
      },
    },
    ticks: {
      async claim(claim) {
        const item = table.get(tickKey(claim.shard)) ?? {};
        const verdict = verdictOn(item, claim);
        if (verdict !== 'taken') table.put(claimedItem(item, claim));
        return verdict;
      },
      async finish(shard, heartbeat, notice = null) {
        const item = table.get(tickKey(shard)) ?? {};
        if (isNewestHeartbeat(item, heartbeat)) table.put(finishedItem(item, shard, heartbeat, notice));
      },
      async heartbeat(shard) {
        return heartbeatOf(shard);
      },
      async heartbeats(shards) {
        return shards.map(heartbeatOf);
      },
    },
    manualChecks: {
      async peek(key, at, limit) {
        const verdict = takeManualCheck(manualUsage(), key, at, limit);
        return verdict.granted ? { granted: true } : verdict;
      },
      async claim(key, at, limit, checks) {
        const verdict = takeManualCheck(manualUsage(), key, at, limit, checks);
        if (!verdict.granted) return verdict;
        table.put(usageItem(verdict.usage, NO_WRITE_ID));
        return { granted: true };
      },
    },
    alerts: memoryAlerts({ table, living, now, sweep, announcedKept }),
    async verify() {},
    close() {},
  };
}

function readPage<T>(table: MemoryTable, query: PageQuery<T>, now: Date): Page<T> {
  const found: Item[] = [];
  for (const item of table.descending(query.pk, query.first, query.last)) {
    if (query.before !== null && String(item.sk) >= query.before) continue;
    if (isExpired(item, now) || (query.ofProvider !== null && item.provider !== query.ofProvider)) continue;
    if (found.push(item) > query.limit) break;
  }
  return toPage(query, found, null);
}

function byKey(a: Item, b: Item): number {
  return String(a.sk) < String(b.sk) ? -1 : 1;
}
