/**
 * ALERT items: the record of the alerts about a provider. A write by the check function has a `notice`, so that the stream
 * invokes the alerts function. DELIVERY items: whether one alert has reached one channel. The rule
 * for claiming a delivery exists twice: here in TypeScript, and in dynamo/alerts.ts as a condition of DynamoDB. One test suite
 * runs against both.
 */

import { parseJson } from '../../base/json.ts';
import type { Alert, AlertRecord, OpenProblem } from '../../health/alerting/alert.ts';
import type { AlertNoticeKind } from '../../health/alerting/notice.ts';
import { isFromFuture } from '../../health/future.ts';
import { lastLeaseMs } from '../lease.ts';
import type { Delivery, DeliveryClaim, DeliveryOutcome } from '../store.ts';
import { type AttributeTable, always, map, parseAttributes, unless, writeAttributes } from './attribute-table.ts';
import { ALERT_DAYS, DELIVERY_DAYS, expiring } from './expiry.ts';
import { checkVersion, ItemError, optional, required, SCHEMA_VERSION } from './fields.ts';
import { alertKey, deliveryKey, NOTICE_ATTRIBUTE } from './keys.ts';
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
  // Earlier releases wrote no version.
  version: unless(0, 'number'),
  asOf: always('time'),
  open: map(null, OPEN),
  quiet: unless(false, 'flag'),
  unsent: unless([], 'alerts', 'unsent', unsentAlerts),
};

/**
 * The item for a record, with the next version.
 *
 * @param writeId Marks the write, so that it is recognised when its answer was lost.
 * @param now Expiry counts from this time, because the record's own time may be wrong.
 * @param notice The notice of this write; absent for none.
 */
export function alertItem(record: AlertRecord, writeId: string, now: Date, notice?: AlertNoticeKind): Item {
  const next = { ...record, version: record.version + 1 };
  return writeAttributes(RECORD, next, {
    ...alertKey(record.subject),
    v: SCHEMA_VERSION,
    w: writeId,
    ...(notice && { [NOTICE_ATTRIBUTE]: notice }),
    ...expiring(now.toISOString(), ALERT_DAYS),
  });
}

/** The notice of the item's last write; null for none. @throws {ItemError} */
export function alertNoticeFromItem(item: Item): AlertNoticeKind | null {
  return optional(item, NOTICE_ATTRIBUTE, 'alertNotice', null);
}

/** @throws {ItemError} */
export function alertFromItem(item: Item): AlertRecord {
  checkVersion(item);
  return parseAttributes(RECORD, item);
}

/** The record. If it is from the future, it counts as older than every check, so that it delays no alert. */
export function believedRecord(record: AlertRecord, now: Date): AlertRecord {
  return isFromFuture(record.asOf, now) ? { ...record, asOf: new Date(0).toISOString() } : record;
}

/** The alerts in a text. Only this product writes them, so their fields are not checked. @throws {ItemError} */
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

/** Why a delivery may not be claimed; null when it may. @throws {ItemError} */
export function obstacleTo(item: Item, { holder, now, leaseMs }: DeliveryClaim): 'settled' | 'held' | null {
  if (optional(item, 'outcome', 'announcementOutcome', null) !== null) return 'settled';
  if (isHeldBy(item, holder)) return null;
  const leaseUntil = required(item, 'leaseUntil', 'number');
  return leaseUntil <= now.getTime() || leaseUntil > lastLeaseMs(now, leaseMs) ? null : 'held';
}

export function isHeldBy(item: Item, holder: string): boolean {
  return item.w === holder;
}
