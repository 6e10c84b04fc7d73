/** Records of alerts, deliveries and sent alerts, in memory. */

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
import { ALERT_PARTITION, alertKey, deliveryKey } from '../items/keys.ts';
import type { AlertStore } from '../store.ts';
import type { LivingItems } from './living.ts';
import { type MemoryTable, NO_WRITE_ID } from './table.ts';

export interface MemoryAlertsOptions {
  table: MemoryTable;
  living: LivingItems;
  now: () => Date;
  /** Removes expired items, at most once an hour. */
  sweep: () => void;
  /** How many sent alerts are kept for each provider; the newest stay. */
  announcedKept: number;
}

export function memoryAlerts({ table, living, now, sweep, announcedKept }: MemoryAlertsOptions): AlertStore {
  return {
    async list() {
      return living.list(ALERT_PARTITION).map((item) => believedRecord(alertFromItem(item), now()));
    },
    async get(subject) {
      const item = living.find(alertKey(subject));
      return item && believedRecord(alertFromItem(item), now());
    },
    async put(record, notice) {
      const known = living.find(alertKey(record.subject));
      if ((known ? alertFromItem(known).version : 0) !== record.version) return 'conflict';
      table.put(alertItem(record, NO_WRITE_ID, now(), notice));
      return 'stored';
    },
    async claim(claim) {
      sweep();
      const item = living.find(deliveryKey(claim.alert, claim.channel));
      const obstacle = item && obstacleTo(item, claim);
      if (obstacle !== null) return obstacle;
      table.put(claimedDeliveryItem(claim));
      return 'claimed';
    },
    async settle(delivery, outcome) {
      table.put(settledDeliveryItem(delivery, outcome, now()));
    },
    async release({ alert, channel, holder }) {
      const item = living.find(deliveryKey(alert, channel));
      if (item !== null && isHeldBy(item, holder)) table.delete(deliveryKey(alert, channel));
    },
    async announce(announcement) {
      table.put(announcedItem(announcement), announcedKept);
    },
    async announced(subject, range) {
      return living.between(announcedRange(subject, range)).map(announcementFromItem);
    },
  };
}
