/** How long items are kept. `expiresAt` is in epoch seconds, as DynamoDB requires. Only this file writes and reads it. */

import { TTL_ATTRIBUTE } from './keys.ts';

const DAY_SECONDS = 86_400;

/** For how many days each kind of history item is kept. */
export interface Retention {
  checks: number;
  hours: number;
  days: number;
  transitions: number;
}

export const RETENTION: Retention = { checks: 7, hours: 90, days: 400, transitions: 400 };

/** Retention with checks kept for this many days. Hours, days and transitions are kept at least as long. */
export function retentionOf(checkDays: number): Retention {
  const { hours, days, transitions } = RETENTION;
  return {
    checks: checkDays,
    hours: Math.max(checkDays, hours),
    days: Math.max(checkDays, days),
    transitions: Math.max(checkDays, transitions),
  };
}

/** A record of alerts expires after this time without an alert; the problem is then announced again. */
export const ALERT_DAYS = 30;
/** Longer than the 24 hours for which a stream keeps records that it may deliver twice. */
export const DELIVERY_DAYS = 2;

/** The attribute by which an item expires `days` after `time` (ISO 8601 UTC). */
export function expiring(time: string, days: number): { expiresAt: number } {
  return { expiresAt: Math.floor(Date.parse(time) / 1000) + days * DAY_SECONDS };
}

/** Whether an item has expired. DynamoDB may still return it, so readers must leave it out. */
export function isExpired(item: Readonly<Record<string, unknown>>, now: Date): boolean {
  const expiresAt = item[TTL_ATTRIBUTE];
  return typeof expiresAt === 'number' && expiresAt <= now.getTime() / 1000;
}
