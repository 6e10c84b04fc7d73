/** What a channel is. Each kind is a file in channels/. The outbox retries, and decides which alerts a channel gets. */

import type { ChannelSettings } from '../../health/alerting/alert-settings.ts';
import type { Message } from '../words/message.ts';

/**
 * `refused`: it will never take this message, so that trying again is useless. `failed`: it may take it later. `answer`
 * is what it said, fit to be shown: at most 300 characters, without secrets.
 */
export type SendResult =
  | { outcome: 'delivered' | 'refused'; answer: string }
  | {
      outcome: 'failed';
      answer: string;
      /** How long it asks to wait; null when it did not say. */
      retryAfterMs: number | null;
    };

export interface Channel {
  readonly settings: ChannelSettings;
  /** Never rejects for a failure of the other side. */
  send(message: Message, signal: AbortSignal): Promise<SendResult>;
}
