/**
 * The rule for the limits on manual checks. One small record holds the recently granted checks of all providers, so that one
 * write applies both limits; two records would need a transaction.
 */

import { HOUR_MS } from '../../base/time.ts';
import { isFromFuture, MAX_AHEAD_MS } from '../../health/future.ts';
import type { ManualCheckLimit } from '../store.ts';
import { type AttributeTable, always, parseAttributes, writeAttributes } from './attribute-table.ts';
import { SCHEMA_VERSION } from './fields.ts';
import { MANUAL_CHECK_KEY } from './keys.ts';
import type { Item } from './kinds.ts';

export interface ManualUsage {
  /** Start of the hour that `count` belongs to, ISO 8601 UTC. */
  hour: string;
  count: number;
  /** When each key was last granted, in epoch milliseconds. Contains only keys that still delay the next check. */
  grantedAt: Readonly<Record<string, number>>;
}

const FIELDS: AttributeTable<ManualUsage> = {
  hour: always('time'),
  count: always('number'),
  grantedAt: always('numbersByText'),
};

export const NO_USAGE: ManualUsage = { hour: new Date(0).toISOString(), count: 0, grantedAt: {} };

/** The key for a check of all providers. */
const EVERY_PROVIDER = '*';

export type ManualVerdict = { granted: true; usage: ManualUsage } | { granted: false; retryAfterSeconds: number };

/**
 * Grants a check of `key`, or returns how long to wait. A check of all providers (`*`) counts for each provider: it delays the
 * next check of each, and is itself delayed by a recent check of any.
 *
 * @param checks How many checks it counts as in the hour. More than `perHour` count as `perHour`.
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
  // Clocks of instances differ a little: keep an hour that another instance has begun, unless its clock is wrong.
  const current = usage.hour >= hour && !isFromFuture(usage.hour, now) ? usage : { hour, count: 0 };

  const heldMs = limit.perProviderSeconds * 1000;
  const recent = Object.entries(usage.grantedAt).filter(
    ([, atMs]) => atMs > nowMs - heldMs && atMs <= nowMs + MAX_AHEAD_MS,
  );
  const rivals = recent.filter(([other]) => other === key || other === EVERY_PROVIDER || key === EVERY_PROVIDER);
  // The clock of another instance may be ahead, but no caller waits longer than the limit.
  const waitsMs = rivals.map(([, atMs]) => Math.min(heldMs, atMs + heldMs - nowMs));
  const taken = Math.min(Math.max(checks, 1), limit.perHour);
  if (current.count + taken > limit.perHour) waitsMs.push(Date.parse(current.hour) + HOUR_MS - nowMs);
  if (waitsMs.length > 0) return { granted: false, retryAfterSeconds: Math.ceil(Math.max(1000, ...waitsMs) / 1000) };

  const grantedAt = { ...Object.fromEntries(recent), [key]: nowMs };
  return { granted: true, usage: { hour: current.hour, count: current.count + taken, grantedAt } };
}

/** @param writeId Marks the write, so that it is recognised when its answer was lost. */
export function usageItem(usage: ManualUsage, writeId: string): Item {
  return writeAttributes(FIELDS, usage, { ...MANUAL_CHECK_KEY, v: SCHEMA_VERSION, w: writeId });
}

/** @throws {ItemError} */
export function usageFromItem(item: Item): ManualUsage {
  return parseAttributes(FIELDS, item);
}
