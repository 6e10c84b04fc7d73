/** A message that a channel took, for event listeners of the monitor. */

import type { AlertMessage } from './words/message.ts';
import { wordsOf } from './words/words.ts';

export interface SentAlert {
  /** The channel's id. */
  channel: string;
  /** One line, such as `glm is down: overloaded`. */
  title: string;
  /** Ids of the providers that the message is about; empty: it is about the monitor. */
  providers: string[];
}

export function sentAlert(message: AlertMessage, channel: string): SentAlert {
  const providers = message.alerts.flatMap(({ provider }) => (provider === null ? [] : [provider]));
  return { channel, title: wordsOf(message).title, providers };
}
