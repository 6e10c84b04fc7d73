/** Which tick an event asks for, and of which shard. A duplicate of the event asks for the same tick, so it is recognised. */

import type { EventBridgeEvent, SQSEvent } from 'aws-lambda';
import { parseJson } from '../../lib/base/json.ts';
import { MOST_SHARDS, type Shard } from '../../lib/health/shards.ts';

/** A scheduled event, or the message that a delay queue held back for `delaySeconds`; both name a shard where there are several. */
export type TickEvent =
  | (Pick<EventBridgeEvent<'Scheduled Event', unknown>, 'time'> & Partial<ShardInput>)
  | Pick<SQSEvent, 'Records'>;

/** What the schedule adds to an event. */
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
  // The delay queues deliver one message at a time.
  const {
    time,
    delaySeconds = 0,
    shard = 0,
    shards = 1,
  }: Partial<DelayedTick> = 'Records' in event
    ? ((parseJson(event.Records[0]?.body ?? '') as DelayedTick | undefined) ?? {})
    : event;
  const tick = new Date(Date.parse(String(time)) + delaySeconds * 1000);
  if (Number.isNaN(tick.getTime())) {
    throw new Error(
      `event.time: expected the time of a scheduled event, such as "2026-01-01T00:00:00Z", got ${JSON.stringify(time)}. ` +
        'To run a tick by hand, invoke the function with {"time": "<now>"}.',
    );
  }
  // By the event, not by the deployment: events of one minute divide the providers in one way, also while it changes.
  if (Number.isInteger(shard) && Number.isInteger(shards) && shard >= 0 && shard < shards && shards <= MOST_SHARDS) {
    return { tick, shard: { index: shard, count: shards } };
  }
  throw new Error(
    `event.shard: expected one of 0 to ${MOST_SHARDS - 1} and below event.shards, got ${JSON.stringify(shard)} of ${JSON.stringify(shards)}.`,
  );
}
