/**
 * ALERT items (the records of open problems), DELIVERY items (a conditional write decides which process sends an alert), and
 * ANNOUNCED items (the alerts that were sent).
 */

import {
  alertFromItem,
  alertItem,
  believedRecord,
  claimedDeliveryItem,
  isHeldBy,
  obstacleTo,
  settledDeliveryItem,
} from '../items/alert-item.ts';
import { announcedItem, announcedRange, announcementFromItem } from '../items/announced-item.ts';
import { isExpired } from '../items/expiry.ts';
import { ALERT_PARTITION, alertKey, deliveryKey } from '../items/keys.ts';
import { lastLeaseMs } from '../lease.ts';
import type { AlertStore, DeliveryClaim } from '../store.ts';
import { type Expression, either, hasVersion, isAbsent, isOfWrite } from './conditions.ts';
import { readable } from './readable.ts';
import type { Table } from './table.ts';
import { newWriteId } from './write-id.ts';

export function dynamoAlerts(table: Table, now: () => Date, announcedDays?: number): AlertStore {
  return {
    async list() {
      const items = (await table.queryAll(ALERT_PARTITION)).filter((item) => !isExpired(item, now()));
      return readable('record of alerts', () => items.map((item) => believedRecord(alertFromItem(item), now())));
    },

    async get(subject) {
      const item = await table.get(alertKey(subject));
      if (item === null || isExpired(item, now())) return null;
      return readable('record of alerts', () => believedRecord(alertFromItem(item), now()));
    },

    async put(record, notice) {
      const writeId = newWriteId();
      if (await table.put(alertItem(record, writeId, now(), notice), isMadeFrom(record.version, now())))
        return 'stored';
      const winner = await table.get(alertKey(record.subject));
      return winner?.w === writeId ? 'stored' : 'conflict';
    },

    async claim(claim) {
      if (await table.put(claimedDeliveryItem(claim), isClaimable(claim, now()))) return 'claimed';
      const item = await table.get(deliveryKey(claim.alert, claim.channel));
      if (item && isHeldBy(item, claim.holder)) return 'claimed';
      return (item && readable('delivery', () => obstacleTo(item, claim))) ?? 'held';
    },

    async settle(delivery, outcome) {
      await table.put(settledDeliveryItem(delivery, outcome, now()));
    },

    async release({ alert, channel, holder }) {
      await table.delete(deliveryKey(alert, channel), isOfWrite(holder));
    },

    async announce(announcement) {
      await table.put(announcedItem(announcement, announcedDays));
    },

    async announced(subject, range) {
      const { pk, ...between } = announcedRange(subject, range);
      // One Query reads a megabyte, which is thousands of alerts.
      const { items } = await table.query({ pk, between });
      const living = items.filter((item) => !isExpired(item, now()));
      return readable('sent alerts', () => living.map(announcementFromItem));
    },
  };
}

/** The stored record still has the version that was read. Earlier releases wrote no version. */
function isMadeFrom(version: number, now: Date): Expression {
  if (version > 0) return hasVersion(version);
  return {
    anyOf: [['attribute_not_exists(#version)'], ['#expiresAt <= :now']],
    names: { '#version': 'version', '#expiresAt': 'expiresAt' },
    values: { ':now': now.getTime() / 1000 },
  };
}

/** The delivery was never claimed, or its lease is over or ends too far in the future. A settled delivery has no lease. */
function isClaimable(claim: DeliveryClaim, now: Date): Expression {
  return either(isAbsent(now), {
    anyOf: [['#leaseUntil <= :leaseNow'], ['#leaseUntil > :lastLease']],
    names: { '#leaseUntil': 'leaseUntil' },
    values: { ':leaseNow': claim.now.getTime(), ':lastLease': lastLeaseMs(claim.now, claim.leaseMs) },
  });
}
