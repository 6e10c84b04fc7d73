/**
 * Reads from an event which tick to run, and for which shard. A duplicate of the event names the same tick, so it is
 * recognised.
 */

import type { EventBridgeEvent, SQSEvent } from 'aws-lambda';
import { parseJson } from '../../lib/base/json.ts';
import { MOST_SHARDS, type Shard } from '../../lib/health/shards.ts';

/**
 * A scheduled event, or a message that a delay queue delivers `delaySeconds` later. Both name the shard where there are
 * several.
 */
export type TickEvent =
  | (Pick<EventBridgeEvent<'Scheduled Event', unknown>, 'time'> & Partial<ShardInput>)
  | Pick<SQSEvent, 'Records'>;

/** The fields that the schedule adds to an event where there are several shards. */
export interface ShardInput {
  shard: number;
  shards: number;
}

/** The body of a delay queue's message. */
interface DelayedTick extends ShardInput {
  time: string;
  delaySeconds: number;
}

export interface TickOrder {
  tick: Date;
  shard: Shard;
}

/** @throws When the event carries no time. */
export function tickOf(event: TickEvent): TickOrder {
  const order: Partial<DelayedTick> = 'Records' in event ? delayedTick(event) : event;
  const { time, delaySeconds = 0, shard = 0, shards = 1 } = order;
  const tick = new Date(Date.parse(String(time)) + delaySeconds * 1000);
  if (Number.isNaN(tick.getTime())) {
    throw new Error(
      `event.time: expected the time of a scheduled event, such as "2026-01-01T00:00:00Z", got ${JSON.stringify(time)}. ` +
        'To run a tick by hand, invoke the function with {"time": "<now>"}.',
    );
  }
  // The number of shards comes from the event, not from the deployment: all events of one minute divide the providers
  // in the same way, also during a deployment.
  if (Number.isInteger(shard) && Number.isInteger(shards) && shard >= 0 && shard < shards && shards <= MOST_SHARDS) {
    return { tick, shard: { index: shard, count: shards } };
  }
  throw new Error(
    `event.shard: expected one of 0 to ${MOST_SHARDS - 1} and below event.shards, got ${JSON.stringify(shard)} of ${JSON.stringify(shards)}.`,
  );
}

/** The delay queues deliver one message at a time. */
function delayedTick({ Records }: Pick<SQSEvent, 'Records'>): Partial<DelayedTick> {
  return (parseJson(Records[0]?.body ?? '') as DelayedTick | undefined) ?? {};
}
