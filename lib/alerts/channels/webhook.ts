/** A webhook for a program of your own: the alerts as signed JSON. The body's shape is a contract. */

import type { Alert } from '../../health/alerting/alert.ts';
import type { ChannelOf } from '../../health/alerting/alert-settings.ts';
import type { Message } from '../words/message.ts';
import { wordsOf } from '../words/words.ts';
import type { Channel } from './channel.ts';
import { type ChannelParts, httpChannel } from './http-channel.ts';
import { signatureHeaders } from './signature.ts';

/** Increased when a field changes its meaning or is removed. New fields may be added at any time. */
const VERSION = 1;

/** The body of a webhook. */
export interface WebhookBody {
  version: typeof VERSION;
  type: 'alert' | 'test';
  /** ISO 8601 UTC. */
  at: string;
  /** For people: one line, and the whole text. */
  title: string;
  text: string;
  /** The status page of the provider or incident; absent where `publicUrl` is not set. */
  url?: string;
  /** For programs; empty in a test. */
  alerts: readonly Alert[];
}

export function webhookChannel(settings: ChannelOf<'webhook'>, parts: ChannelParts): Channel {
  return httpChannel(
    settings,
    {
      url: settings.url,
      secret: settings.secret,
      write(message, secret) {
        const body = JSON.stringify(webhookBody(message));
        return [{ headers: secret === null ? {} : signatureHeaders(secret, parts.now(), body), body }];
      },
    },
    parts,
  );
}

function webhookBody(message: Message): WebhookBody {
  const { title, lines, link } = wordsOf(message);
  const text = [title, ...lines].join('\n');
  if (message.kind === 'test') return { version: VERSION, type: 'test', at: message.at, title, text, alerts: [] };
  const url = link === null ? {} : { url: link };
  return { version: VERSION, type: 'alert', at: message.alerts[0].at, title, text, ...url, alerts: message.alerts };
}
