/** ANNOUNCED items: whether a channel took an alert. They are kept as long as transitions, because incidents show both. */

import type { Announcement } from '../../health/alerting/announcement.ts';
import { type AttributeTable, always, parseAttributes, writeAttributes } from './attribute-table.ts';
import { expiring, RETENTION } from './expiry.ts';
import { checkVersion, SCHEMA_VERSION } from './fields.ts';
import { announcedKey, announcedPartition } from './keys.ts';
import type { Item } from './kinds.ts';

const FIELDS: AttributeTable<Announcement> = {
  subject: always('text'),
  alertAt: always('time'),
  phase: always('alertPhase'),
  problem: always('alertProblem'),
  channel: always('text'),
  outcome: always('announcementOutcome'),
  at: always('time'),
};

export function announcedItem(announcement: Announcement, days = RETENTION.transitions): Item {
  const { subject, alertAt, phase, channel } = announcement;
  return writeAttributes(FIELDS, announcement, {
    ...announcedKey(subject, alertAt, phase, channel),
    v: SCHEMA_VERSION,
    ...expiring(alertAt, days),
  });
}

/** @throws {ItemError} */
export function announcementFromItem(item: Item): Announcement {
  checkVersion(item);
  return parseAttributes(FIELDS, item);
}

/** The keys of the alerts from one time to another, both inclusive. */
export function announcedRange(subject: string, { from, to }: { from: string; to: string }) {
  // "~" sorts after "#" and after every letter of a phase and a channel.
  return { pk: announcedPartition(subject), first: from, last: `${to}~` };
}
