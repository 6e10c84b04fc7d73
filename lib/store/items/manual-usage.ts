/**
 * The limits on manual checks, as a rule over one small record of what was granted lately. One record for all, so that
 * both limits are taken in one write: two could not be taken together without a transaction.
 */

import { HOUR_MS } from '../../base/time.ts';
import { isFromFuture, MAX_AHEAD_MS } from '../../health/future.ts';
import type { ManualCheckLimit } from '../store.ts';
import { type AttributeTable, always, parseAttributes, writeAttributes } from './attribute-table.ts';
import { SCHEMA_VERSION } from './fields.ts';
import { MANUAL_CHECK_KEY } from './keys.ts';
import type { Item } from './kinds.ts';

export interface ManualUsage {
  /** Start of the clock hour that `count` is of, ISO 8601 UTC. */
  hour: string;
  count: number;
  /** When a key was last granted, epoch milliseconds: only those that still delay another one. */
  grantedAt: Readonly<Record<string, number>>;
}

const FIELDS: AttributeTable<ManualUsage> = {
  hour: always('time'),
  count: always('number'),
  grantedAt: always('numbersByText'),
};

export const NO_USAGE: ManualUsage = { hour: new Date(0).toISOString(), count: 0, grantedAt: {} };

/** The key that stands for every provider. */
const EVERY_PROVIDER = '*';

export type ManualVerdict = { granted: true; usage: ManualUsage } | { granted: false; retryAfterSeconds: number };

/**
 * Grants a check of `key`, or says how long to wait. A check of all is one of each, and each delays it.
 *
 * @param checks How many it counts as in the hour; more than the hour has count as all of it.
 */
export function takeManualCheck(
  usage: ManualUsage,
  key: string,
  now: Date,
  limit: ManualCheckLimit,
  checks = 1,
): ManualVerdict {
  const nowMs = now.getTime();
  const hourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const hour = new Date(hourMs).toISOString();
  // Clocks of two instances differ a little: an hour that another instance began is not begun again, unless its clock was wrong.
  const current = usage.hour >= hour && !isFromFuture(usage.hour, now) ? usage : { hour, count: 0 };

  const heldMs = limit.perProviderSeconds * 1000;
  const recent = Object.entries(usage.grantedAt).filter(
    ([, atMs]) => atMs > nowMs - heldMs && atMs <= nowMs + MAX_AHEAD_MS,
  );
  const rivals = recent.filter(([other]) => other === key || other === EVERY_PROVIDER || key === EVERY_PROVIDER);
  // Another instance's clock may be ahead, but no caller waits longer than the limit says.
  const waitsMs = rivals.map(([, atMs]) => Math.min(heldMs, atMs + heldMs - nowMs));
  const taken = Math.min(Math.max(checks, 1), limit.perHour);
  if (current.count + taken > limit.perHour) waitsMs.push(Date.parse(current.hour) + HOUR_MS - nowMs);
  if (waitsMs.length > 0) return { granted: false, retryAfterSeconds: Math.ceil(Math.max(1000, ...waitsMs) / 1000) };

  const grantedAt = { ...Object.fromEntries(recent), [key]: nowMs };
  return { granted: true, usage: { hour: current.hour, count: current.count + taken, grantedAt } };
}

/** @param writeId Distinguishes a write of our own whose answer was lost from another one. */
export function usageItem(usage: ManualUsage, writeId: string): Item {
  return writeAttributes(FIELDS, usage, { ...MANUAL_CHECK_KEY, v: SCHEMA_VERSION, w: writeId });
}

/** @throws {ItemError} */
export function usageFromItem(item: Item): ManualUsage {
  return parseAttributes(FIELDS, item);
}
