/** ANNOUNCED items: whether each channel took each alert. Kept as long as transitions, which incidents are made of. */

import { ALERT_PHASES, ALERT_PROBLEMS } from '../../health/alerting/alert.ts';
import { ANNOUNCEMENT_OUTCOMES, type Announcement } from '../../health/alerting/announcement.ts';
import { AttributeTable, always } from './attribute-table.ts';
import { expiring, RETENTION } from './expiry.ts';
import { checkVersion, SCHEMA_VERSION } from './fields.ts';
import { announcedKey, announcedPartition } from './keys.ts';
import { type Item, oneOf, TEXT, TIME } from './kinds.ts';

const FIELDS = new AttributeTable<Announcement>({
  subject: always(TEXT),
  alertAt: always(TIME),
  phase: always(oneOf(ALERT_PHASES)),
  problem: always(oneOf(ALERT_PROBLEMS)),
  channel: always(TEXT),
  outcome: always(oneOf(ANNOUNCEMENT_OUTCOMES)),
  at: always(TIME),
});

export function announcedItem(announcement: Announcement, days = RETENTION.transitions): Item {
  const { subject, alertAt, phase, channel } = announcement;
  return FIELDS.write(announcement, {
    ...announcedKey(subject, alertAt, phase, channel),
    v: SCHEMA_VERSION,
    ...expiring(alertAt, days),
  });
}

/** @throws {ItemError} */
export function announcementFromItem(item: Item): Announcement {
  checkVersion(item);
  return FIELDS.parse(item);
}

/** Of alerts from one time to another, both included. */
export function announcedRange(subject: string, { from, to }: { from: string; to: string }) {
  // "~" sorts after "#" and after every letter of a phase and a channel.
  return { pk: announcedPartition(subject), first: from, last: `${to}~` };
}
