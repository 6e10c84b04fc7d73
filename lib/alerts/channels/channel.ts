/**
 * The interface of a channel. Each type of channel has a file in this folder. Not here: retries and routing
 * (../outbox).
 */

import type { ChannelSettings } from '../../health/alerting/alert-settings.ts';
import type { Message } from '../words/message.ts';

/**
 * `refused`: the channel will never take this message, so a retry is useless. `failed`: a later attempt may succeed.
 * `answer` is the channel's own answer, for people: at most 300 characters, without secrets.
 */
export type SendResult =
  | { outcome: 'delivered' | 'refused'; answer: string }
  | {
      outcome: 'failed';
      answer: string;
      /** How long the channel asks to wait; null when it does not say. */
      retryAfterMs: number | null;
    };

export interface Channel {
  readonly settings: ChannelSettings;
  /** Never rejects because of a failure of the service. */
  send(message: Message, signal: AbortSignal): Promise<SendResult>;
}
