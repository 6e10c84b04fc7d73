/**
 * ALERT items: what was announced about a provider; and DELIVERY items: whether one alert has reached one channel. When
 * a delivery may be claimed is said here in words of TypeScript, and once more, in DynamoDB's, in dynamo/alerts.ts; one
 * suite holds both to it.
 */

import { parseJson } from '../../base/json.ts';
import type { Alert, AlertRecord, OpenProblem } from '../../health/alerting/alert.ts';
import { isFromFuture } from '../../health/future.ts';
import { lastLeaseMs } from '../lease.ts';
import type { Delivery, DeliveryClaim, DeliveryOutcome } from '../store.ts';
import { lesserText } from './check-item.ts';
import { ALERT_DAYS, DELIVERY_DAYS, expiring } from './expiry.ts';
import {
  checkVersion,
  compact,
  FLAG,
  type Item,
  ItemError,
  listOf,
  MAP,
  NUMBER,
  oneOf,
  optional,
  required,
  SCHEMA_VERSION,
  TEXT,
  TIME,
} from './fields.ts';
import { alertKey, deliveryKey } from './keys.ts';

const PROBLEM = oneOf(['outage', 'action_needed', 'flapping', 'monitor_fault'] as const);
const OUTCOME = oneOf<DeliveryOutcome>(['delivered', 'refused']);

/**
 * The item one version on from the record.
 *
 * @param writeId Distinguishes a write of our own whose answer was lost from another one.
 * @param now It is kept from then on: the record's own time may be one that is not believed.
 */
export function alertItem(record: AlertRecord, writeId: string, now: Date): Item {
  const { subject, version, asOf, open, quiet, unsent } = record;
  return compact({
    ...alertKey(subject),
    v: SCHEMA_VERSION,
    version: version + 1,
    w: writeId,
    ...expiring(now.toISOString(), ALERT_DAYS),
    asOf,
    open: open && { ...open, tags: [...open.tags] },
    quiet: quiet || null,
    unsent: unsent.length > 0 ? JSON.stringify(unsent.map(shortened)) : null,
  });
}

/** @throws {ItemError} */
export function alertFromItem(item: Item): AlertRecord {
  checkVersion(item);
  const open = optional(item, 'open', MAP, null);
  return {
    subject: required(item, 'sk', TEXT),
    // Earlier releases wrote none.
    version: optional(item, 'version', NUMBER, 0),
    asOf: required(item, 'asOf', TIME),
    open: open && openProblem(open),
    quiet: optional(item, 'quiet', FLAG, false),
    unsent: unsentAlerts(optional(item, 'unsent', TEXT, '[]')),
  };
}

/** The record; one from the future as if it were of no check yet, so that it holds no alert back. */
export function believedRecord(record: AlertRecord, now: Date): AlertRecord {
  return isFromFuture(record.asOf, now) ? { ...record, asOf: new Date(0).toISOString() } : record;
}

/** An item holds some of them, beside each other. */
function shortened(alert: Alert): Alert {
  return { ...alert, errorMessage: alert.errorMessage && lesserText(alert.errorMessage) };
}

/** What this product wrote itself, as it wrote it. */
function unsentAlerts(text: string): Alert[] {
  const alerts = parseJson(text);
  if (Array.isArray(alerts)) return alerts;
  throw new ItemError('unsent: expected a JSON list of alerts, got something else');
}

function openProblem(map: Item): OpenProblem {
  return {
    problem: required(map, 'problem', PROBLEM),
    since: required(map, 'since', TIME),
    toldAt: required(map, 'toldAt', TIME),
    thread: required(map, 'thread', TEXT),
    tags: required(map, 'tags', listOf(TEXT)),
  };
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
  if (optional(item, 'outcome', OUTCOME, null) !== null) return 'settled';
  if (isHeldBy(item, holder)) return null;
  const leaseUntil = required(item, 'leaseUntil', NUMBER);
  return leaseUntil <= now.getTime() || leaseUntil > lastLeaseMs(now, leaseMs) ? null : 'held';
}

export function isHeldBy(item: Item, holder: string): boolean {
  return item.w === holder;
}
