/**
 * A TICK item: who claimed which tick of a shard (`tick`, `owner`, `leaseUntil` in epoch milliseconds), and the heartbeat
 * of the last finished one (`finished`). When a tick may be claimed is said here in words of TypeScript, and once more,
 * in DynamoDB's, in dynamo/ticks.ts; one suite holds both to it.
 */

import { FLAG, type Item, MAP, NUMBER, optional, required, SCHEMA_VERSION, TEXT, TIME } from './fields.ts';
import { tickKey } from './keys.ts';
import type { Heartbeat, TickClaim } from './store.ts';

export function claimedItem(item: Item, claim: TickClaim): Item {
  return { ...item, ...tickKey(claim.shard), ...claimAttributes(claim) };
}

/** What a claim writes beside the key. */
export function claimAttributes({ tick, owner, now, leaseMs }: TickClaim) {
  return { v: SCHEMA_VERSION, tick, owner, leaseUntil: now.getTime() + leaseMs };
}

export function finishedItem(item: Item, shard: string, heartbeat: Heartbeat): Item {
  return { ...item, ...tickKey(shard), ...finishedAttributes(heartbeat) };
}

/** What a finished tick writes beside the key. */
export function finishedAttributes(heartbeat: Heartbeat) {
  return { v: SCHEMA_VERSION, finished: { ...heartbeat } };
}

/** Not finished, no newer one claimed, and held by nobody else. */
export function isClaimable(item: Item, { tick, owner, now }: TickClaim): boolean {
  const finished = heartbeatFromItem(item)?.tick;
  if (finished !== undefined && finished >= tick) return false;
  const claimed = optional(item, 'tick', TIME, null);
  if (claimed === null || claimed < tick) return true;
  if (claimed > tick) return false;
  return required(item, 'owner', TEXT) === owner || required(item, 'leaseUntil', NUMBER) <= now.getTime();
}

export function isNewestHeartbeat(item: Item, heartbeat: Heartbeat): boolean {
  const finished = heartbeatFromItem(item)?.tick;
  return finished === undefined || finished <= heartbeat.tick;
}

/** Null before the first. @throws {ItemError} */
export function heartbeatFromItem(item: Item): Heartbeat | null {
  const finished = optional(item, 'finished', MAP, null);
  return (
    finished && {
      tick: required(finished, 'tick', TIME),
      finishedAt: required(finished, 'finishedAt', TIME),
      due: required(finished, 'due', NUMBER),
      stored: required(finished, 'stored', NUMBER),
      failed: required(finished, 'failed', NUMBER),
      skipped: required(finished, 'skipped', NUMBER),
      monitorFault: required(finished, 'monitorFault', FLAG),
    }
  );
}
