/** ANNOUNCED items: what became of each alert at each channel. Kept as long as transitions, which incidents are made of. */

import { ALERT_PHASES, ALERT_PROBLEMS } from '../../health/alerting/alert.ts';
import type { Announcement } from '../../health/alerting/announcement.ts';
import { expiring, RETENTION } from './expiry.ts';
import { checkVersion, type Item, oneOf, required, SCHEMA_VERSION, TEXT, TIME } from './fields.ts';
import { announcedKey, announcedPartition } from './keys.ts';

const PHASE = oneOf(ALERT_PHASES);
const PROBLEM = oneOf(ALERT_PROBLEMS);
const OUTCOME = oneOf(['delivered', 'refused'] as const);

export function announcedItem(announcement: Announcement, days = RETENTION.transitions): Item {
  const { subject, alertAt, phase, problem, channel, outcome, at } = announcement;
  return {
    ...announcedKey(subject, alertAt, phase, channel),
    v: SCHEMA_VERSION,
    ...expiring(alertAt, days),
    ...{ subject, alertAt, phase, problem, channel, outcome, at },
  };
}

/** @throws {ItemError} */
export function announcementFromItem(item: Item): Announcement {
  checkVersion(item);
  return {
    subject: required(item, 'subject', TEXT),
    alertAt: required(item, 'alertAt', TIME),
    phase: required(item, 'phase', PHASE),
    problem: required(item, 'problem', PROBLEM),
    channel: required(item, 'channel', TEXT),
    outcome: required(item, 'outcome', OUTCOME),
    at: required(item, 'at', TIME),
  };
}

/** Of alerts from one time to another, both included. */
export function announcedRange(subject: string, { from, to }: { from: string; to: string }) {
  // "~" sorts after "#" and after every letter of a phase and a channel.
  return { pk: announcedPartition(subject), first: from, last: `${to}~` };
}
