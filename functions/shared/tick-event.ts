/** Which tick an event asks for. A duplicate of the event asks for the same tick, so it is recognised. */

import type { EventBridgeEvent, SQSEvent } from 'aws-lambda';
import { parseJson } from '../../lib/base/json.ts';

/** A scheduled event, or the message that a delay queue held back for `delaySeconds`. */
export type TickEvent = Pick<EventBridgeEvent<'Scheduled Event', unknown>, 'time'> | Pick<SQSEvent, 'Records'>;

/** The body of a delay queue's message. */
interface DelayedTick {
  time: string;
  delaySeconds: number;
}

/** @throws When the event carries no time. */
export function tickOf(event: TickEvent): Date {
  // The delay queues deliver one message at a time.
  const { time, delaySeconds = 0 }: Partial<DelayedTick> =
    'Records' in event ? ((parseJson(event.Records[0]?.body ?? '') as DelayedTick | undefined) ?? {}) : event;
  const tick = new Date(Date.parse(String(time)) + delaySeconds * 1000);
  if (Number.isNaN(tick.getTime())) {
    throw new Error(
      `event.time: expected the time of a scheduled event, such as "2026-01-01T00:00:00Z", got ${JSON.stringify(time)}. ` +
        'To run a tick by hand, invoke the function with {"time": "<now>"}.',
    );
  }
  return tick;
}
