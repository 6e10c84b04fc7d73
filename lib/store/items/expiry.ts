/** How long items are kept. `expiresAt` is epoch seconds, as DynamoDB wants it, and is made and read here only. */

import { TTL_ATTRIBUTE } from './keys.ts';

const DAY_SECONDS = 86_400;

/** Days that each kind of item of the history is kept. */
export interface Retention {
  checks: number;
  hours: number;
  days: number;
  transitions: number;
}

export const RETENTION: Retention = { checks: 7, hours: 90, days: 400, transitions: 400 };

/** Checks are kept for so many days; what is made of them for as many, or for its usual time where that is longer. */
export function retentionOf(checkDays: number): Retention {
  const { hours, days, transitions } = RETENTION;
  return {
    checks: checkDays,
    hours: Math.max(checkDays, hours),
    days: Math.max(checkDays, days),
    transitions: Math.max(checkDays, transitions),
  };
}

/** A problem that was not announced for this long is announced again. */
export const ALERT_DAYS = 30;
/** Longer than a stream keeps what it may deliver twice. */
export const DELIVERY_DAYS = 2;

/** The attribute that lets an item go `days` after `time` (ISO 8601 UTC). */
export function expiring(time: string, days: number): { expiresAt: number } {
  return { expiresAt: Math.floor(Date.parse(time) / 1000) + days * DAY_SECONDS };
}

/** Whether an item has expired: DynamoDB may still have it, but no reader shows it. */
export function isExpired(item: Readonly<Record<string, unknown>>, now: Date): boolean {
  const expiresAt = item[TTL_ATTRIBUTE];
  return typeof expiresAt === 'number' && expiresAt <= now.getTime() / 1000;
}
