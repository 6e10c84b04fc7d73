/**
 * Amazon EventBridge: an event for each alert, so that other programs can react. Source and detail type are a contract:
 *
 * | | |
 * | --- | --- |
 * | `source` | `provider-health` |
 * | `detail-type` | `Provider Health Alert`, or `Provider Health Test` |
 * | `detail` | the alert, as in a webhook's `alerts`, with `version`, `title`, `text` and, where `publicUrl` is set, `url` |
 * | `resources` | the provider's id; empty for an alert about the monitor |
 */

import type { EventBridgeClient, EventBridgeClientConfig, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { ChannelOf } from '../../health/alerting/alert-settings.ts';
import type { Message } from '../words/message.ts';
import { wordsOf } from '../words/words.ts';
import type { Channel, SendResult } from './channel.ts';
import { resultOfSdkError, SDK_ATTEMPTS } from './sdk-result.ts';

const EVENT_SOURCE = 'provider-health';
const ALERT_DETAIL_TYPE = 'Provider Health Alert';
const TEST_DETAIL_TYPE = 'Provider Health Test';

/** Increased when a field changes its meaning or is removed. */
const VERSION = 1;
/** The most entries that one PutEvents call takes. */
const BATCH_SIZE = 10;

/** @param client Settings of the SDK's client. Default: the bus's region, and the process's credentials. */
export function eventBridgeChannel(settings: ChannelOf<'eventbridge'>, client: EventBridgeClientConfig = {}): Channel {
  const { eventBus } = settings;
  const [, , , region] = eventBus.split(':');
  let events: EventBridgeClient | null = null;
  return {
    settings,
    async send(message, signal) {
      const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
      events ??= new EventBridgeClient({ ...(region && { region }), maxAttempts: SDK_ATTEMPTS, ...client });
      const entries = entriesOf(message, eventBus);
      try {
        for (let first = 0; first < entries.length; first += BATCH_SIZE) {
          const command = new PutEventsCommand({ Entries: entries.slice(first, first + BATCH_SIZE) });
          const { Entries = [] } = await events.send(command, { abortSignal: signal });
          const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
          if (refused) return resultOfEntry(refused.ErrorCode ?? '', refused.ErrorMessage ?? '');
        }
        return { outcome: 'delivered', answer: `${entries.length} ${entries.length === 1 ? 'event' : 'events'}` };
      } catch (error) {
        return resultOfSdkError(error);
      }
    },
  };
}

function entriesOf(message: Message, eventBus: string): PutEventsRequestEntry[] {
  const base = { EventBusName: eventBus, Source: EVENT_SOURCE };
  if (message.kind === 'test') {
    const { title, lines } = wordsOf(message);
    const detail = { version: VERSION, at: message.at, title, text: lines.join('\n') };
    return [{ ...base, DetailType: TEST_DETAIL_TYPE, Time: new Date(message.at), Detail: JSON.stringify(detail) }];
  }
  return message.alerts.map((alert) => {
    const { title, lines, link } = wordsOf({ ...message, alerts: [alert] });
    return {
      ...base,
      DetailType: ALERT_DETAIL_TYPE,
      Time: new Date(alert.at),
      Resources: alert.provider === null ? [] : [alert.provider],
      Detail: JSON.stringify({
        version: VERSION,
        title,
        text: lines.join('\n'),
        ...(link !== null && { url: link }),
        ...alert,
      }),
    };
  });
}

/** A successful PutEvents call can still refuse single entries. */
function resultOfEntry(code: string, message: string): SendResult {
  return resultOfSdkError(Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: 400 } }));
}
