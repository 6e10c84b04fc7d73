/**
 * A TICK item: the claim of a shard's tick (`tick`, `owner`, `leaseUntil` in epoch milliseconds), and the heartbeat of the last
 * finished tick (`finished`). A write that may lead to an alert has a `notice`: `monitor_fault` or `monitor_recovered`; every
 * other write has none, so a stream filter can select by it. The rule for claiming a tick exists twice: here in TypeScript, and
 * in dynamo/ticks.ts as a condition of DynamoDB. One test suite runs against both.
 */

import type { MonitorNoticeKind } from '../../health/alerting/notice.ts';
import { isFromFuture } from '../../health/future.ts';
import { lastLeaseMs } from '../lease.ts';
import type { Heartbeat, TickClaim } from '../store.ts';
import { type AttributeTable, always, parseAttributes, unless, writeAttributes } from './attribute-table.ts';
import { optional, required, SCHEMA_VERSION } from './fields.ts';
import { NOTICE_ATTRIBUTE, tickKey } from './keys.ts';
import type { Item } from './kinds.ts';

const FINISHED: AttributeTable<Heartbeat> = {
  tick: always('time'),
  finishedAt: always('time'),
  due: always('number'),
  stored: always('number'),
  failed: always('number'),
  skipped: always('number'),
  monitorFault: always('flag'),
  faultSince: unless(undefined, 'time'),
};

export function claimedItem(item: Item, claim: TickClaim): Item {
  return { ...item, ...tickKey(claim.shard), ...claimAttributes(claim) };
}

/** The attributes that a claim writes, without the key. */
export function claimAttributes({ tick, owner, now, leaseMs }: TickClaim) {
  return { v: SCHEMA_VERSION, tick, owner, leaseUntil: now.getTime() + leaseMs, [NOTICE_ATTRIBUTE]: null };
}

export function finishedItem(item: Item, shard: string, heartbeat: Heartbeat, notice: MonitorNoticeKind | null): Item {
  return { ...item, ...tickKey(shard), ...finishedAttributes(heartbeat, notice) };
}

/** The attributes that a finished tick writes, without the key. */
export function finishedAttributes(heartbeat: Heartbeat, notice: MonitorNoticeKind | null) {
  return { v: SCHEMA_VERSION, finished: writeAttributes(FINISHED, heartbeat), [NOTICE_ATTRIBUTE]: notice };
}

/** The notice of the item's last write; null for none. @throws {ItemError} */
export function monitorNoticeFromItem(item: Item): MonitorNoticeKind | null {
  return optional(item, NOTICE_ATTRIBUTE, 'monitorNotice', null);
}

/** The result of a claim. `overridden`: it succeeds, because what blocks it is from the future. */
export function verdictOn(item: Item, claim: TickClaim): 'claimed' | 'overridden' | 'taken' {
  if (isClaimable(item, claim)) return 'claimed';
  return isClaimable(withoutFuture(item, claim), claim) ? 'overridden' : 'taken';
}

/** Whether the tick is not finished, no newer tick is claimed, and no other owner holds it. */
function isClaimable(item: Item, { tick, owner, now }: TickClaim): boolean {
  const finished = heartbeatFromItem(item)?.tick;
  if (finished !== undefined && finished >= tick) return false;
  const claimed = optional(item, 'tick', 'time', null);
  if (claimed === null || claimed < tick) return true;
  if (claimed > tick) return false;
  return required(item, 'owner', 'text') === owner || required(item, 'leaseUntil', 'number') <= now.getTime();
}

/** The item without a heartbeat, claim or lease from the future. */
function withoutFuture(item: Item, { now, leaseMs }: TickClaim): Item {
  const finished = heartbeatFromItem(item)?.tick;
  const claimed = optional(item, 'tick', 'time', null);
  const leaseUntil = optional(item, 'leaseUntil', 'number', 0);
  return {
    ...item,
    ...(finished !== undefined && isFromFuture(finished, now) && { finished: undefined }),
    ...(claimed !== null && isFromFuture(claimed, now) && { tick: undefined }),
    ...(leaseUntil > lastLeaseMs(now, leaseMs) && { leaseUntil: 0 }),
  };
}

export function isNewestHeartbeat(item: Item, { tick, finishedAt }: Heartbeat): boolean {
  const finished = heartbeatFromItem(item)?.tick;
  return finished === undefined || finished <= tick || isFromFuture(finished, new Date(finishedAt));
}

/** The heartbeat of the last finished tick; null before the first. @throws {ItemError} */
export function heartbeatFromItem(item: Item): Heartbeat | null {
  const finished = optional(item, 'finished', 'map', null);
  return finished && parseAttributes(FINISHED, finished);
}
