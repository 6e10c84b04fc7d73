/**
 * ALERT items: what was announced about a provider; and DELIVERY items: whether one alert has reached one channel. When
 * a delivery may be claimed is written here in TypeScript and in dynamo/alerts.ts as a condition of DynamoDB; one suite
 * holds both to the same rule.
 */

import { parseJson } from '../../base/json.ts';
import type { Alert, AlertRecord, OpenProblem } from '../../health/alerting/alert.ts';
import { isFromFuture } from '../../health/future.ts';
import { lastLeaseMs } from '../lease.ts';
import type { Delivery, DeliveryClaim, DeliveryOutcome } from '../store.ts';
import { type AttributeTable, always, map, parseAttributes, unless, writeAttributes } from './attribute-table.ts';
import { ALERT_DAYS, DELIVERY_DAYS, expiring } from './expiry.ts';
import { checkVersion, ItemError, optional, required, SCHEMA_VERSION } from './fields.ts';
import { alertKey, deliveryKey } from './keys.ts';
import type { Item } from './kinds.ts';

const OPEN: AttributeTable<OpenProblem> = {
  problem: always('alertProblem'),
  since: always('time'),
  announcedAt: always('time', 'toldAt'),
  thread: always('text'),
  tags: unless([], 'texts'),
};

const RECORD: AttributeTable<AlertRecord> = {
  subject: always('text', 'sk'),
  // Earlier releases wrote none.
  version: unless(0, 'number'),
  asOf: always('time'),
  open: map(null, OPEN),
  quiet: unless(false, 'flag'),
  unsent: unless([], 'alerts', 'unsent', unsentAlerts),
};

/**
 * The item one version on from the record.
 *
 * @param writeId Distinguishes a write of our own whose answer was lost from another one.
 * @param now It is kept from then on: the record's own time may be one that is not believed.
 */
export function alertItem(record: AlertRecord, writeId: string, now: Date): Item {
  const next = { ...record, version: record.version + 1 };
  return writeAttributes(RECORD, next, {
    ...alertKey(record.subject),
    v: SCHEMA_VERSION,
    w: writeId,
    ...expiring(now.toISOString(), ALERT_DAYS),
  });
}

/** @throws {ItemError} */
export function alertFromItem(item: Item): AlertRecord {
  checkVersion(item);
  return parseAttributes(RECORD, item);
}

/** The record; one from the future counts as older than every check, so that it delays no alert. */
export function believedRecord(record: AlertRecord, now: Date): AlertRecord {
  return isFromFuture(record.asOf, now) ? { ...record, asOf: new Date(0).toISOString() } : record;
}

/** Only this product writes it, so its shape is not checked. */
function unsentAlerts(text: string): Alert[] {
  const alerts = parseJson(text);
  if (Array.isArray(alerts)) return alerts;
  throw new ItemError('unsent: expected a JSON list of alerts, got something else');
}

export function claimedDeliveryItem({ alert, channel, holder, now, leaseMs }: DeliveryClaim): Item {
  return {
    ...deliveryKey(alert, channel),
    v: SCHEMA_VERSION,
    w: holder,
    ...expiring(now.toISOString(), DELIVERY_DAYS),
    leaseUntil: now.getTime() + leaseMs,
  };
}

export function settledDeliveryItem({ alert, channel }: Delivery, outcome: DeliveryOutcome, now: Date): Item {
  return {
    ...deliveryKey(alert, channel),
    v: SCHEMA_VERSION,
    ...expiring(now.toISOString(), DELIVERY_DAYS),
    outcome,
    at: now.toISOString(),
  };
}

/** Null when it may be claimed. @throws {ItemError} */
export function obstacleTo(item: Item, { holder, now, leaseMs }: DeliveryClaim): 'settled' | 'held' | null {
  if (optional(item, 'outcome', 'announcementOutcome', null) !== null) return 'settled';
  if (isHeldBy(item, holder)) return null;
  const leaseUntil = required(item, 'leaseUntil', 'number');
  return leaseUntil <= now.getTime() || leaseUntil > lastLeaseMs(now, leaseMs) ? null : 'held';
}

export function isHeldBy(item: Item, holder: string): boolean {
  return item.w === holder;
}
