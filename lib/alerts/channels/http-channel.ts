/** What the channels that are called over HTTP share: secrets by reference, the guard, and what an answer means. */

import { type AddressPolicy, refuseUrl } from '../../egress/guard.ts';
import { safeMessage } from '../../egress/message.ts';
import type { ChannelSettings } from '../../health/alerting/alert-settings.ts';
import { KeyError, type KeyResolver } from '../../keys/keys.ts';
import { parseKeyReference } from '../../keys/reference.ts';
import { Secret } from '../../keys/secret.ts';
import type { Message } from '../words/message.ts';
import type { Channel, SendResult } from './channel.ts';
import type { Http, HttpAnswer } from './http.ts';

/** What a channel is made with. */
export interface ChannelParts {
  http: Http;
  keys: KeyResolver;
  /** Which addresses may be called. */
  addressPolicy: AddressPolicy;
  now: () => Date;
}

/** One request of a message, without its address. */
export interface Post {
  /** Behind the channel's address. Default: none. */
  path?: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body: string;
}

/** How one kind of channel writes its requests. */
export interface HttpChannelSpec {
  /** The address, or a reference to it. */
  url: string;
  /** Reference to the one secret that it needs beside the address; null: none. */
  secret: string | null;
  /** The requests for a message, in order; none where the channel does not show it. */
  write(message: Message, secret: Secret | null): readonly Post[];
}

export function httpChannel(settings: ChannelSettings, spec: HttpChannelSpec, parts: ChannelParts): Channel {
  const { http, keys, addressPolicy } = parts;

  async function send(message: Message, signal: AbortSignal, secrets: Secret[]): Promise<SendResult> {
    const resolve = async (reference: string): Promise<Secret> => {
      const secret = await keys.resolve(reference);
      secrets.push(secret);
      return secret;
    };
    const isReference = parseKeyReference(spec.url) !== null;
    const url = isReference ? (await resolve(spec.url)).reveal() : spec.url;
    if (!isReference) secrets.push(...tokensOf(url));
    const secret = spec.secret === null ? null : await resolve(spec.secret);
    const refusal = refuseUrl(url, addressPolicy);
    if (refusal !== null) return { outcome: 'refused', answer: `its address: ${refusal}` };
    let result: SendResult = { outcome: 'delivered', answer: 'nothing to send' };
    for (const { path = '', headers = {}, body } of spec.write(message, secret)) {
      const request = {
        method: 'POST' as const,
        url: `${url}${path}`,
        headers: { 'content-type': 'application/json', ...headers },
        body,
      };
      result = resultOf(await http.send(request, signal), secrets);
      if (result.outcome !== 'delivered') return result;
    }
    return result;
  }

  return {
    settings,
    async send(message, signal) {
      const secrets: Secret[] = [];
      try {
        return await send(message, signal, secrets);
      } catch (error) {
        return resultOfError(error, secrets);
      }
    },
  };
}

/** Shorter paths are the names of a service's routes. */
const SHORTEST_TOKEN = 12;

/** What of a URL that is written out may be a token: its host is no secret, and says in an error who failed. */
function tokensOf(url: string): Secret[] {
  if (!URL.canParse(url)) return [];
  const { pathname, search } = new URL(url);
  const path = `${pathname}${search}`.slice(1);
  return path.length < SHORTEST_TOKEN ? [] : [new Secret(path)];
}

/** Any 2xx is taken. What it refuses it will refuse again, but for 408 and 429. */
function resultOf({ status, text, retryAfterMs }: HttpAnswer, secrets: readonly Secret[]): SendResult {
  const answer = safeMessage(`HTTP ${status}${text === '' ? '' : `: ${text}`}`, secrets);
  if (status >= 200 && status < 300) return { outcome: 'delivered', answer };
  if (status >= 500 || status === 408 || status === 429) return { outcome: 'failed', answer, retryAfterMs };
  return { outcome: 'refused', answer };
}

/** A key that cannot be read, or an address that may not be called: a retry does not help. */
function resultOfError(error: unknown, secrets: readonly Secret[]): SendResult {
  if (error instanceof KeyError) return { outcome: 'refused', answer: error.message };
  const { message, code } = detailsOf(error);
  const answer = safeMessage(`expected an answer, got ${code ?? 'none'}: ${message}`, secrets);
  if (code === 'ERR_ADDRESS_FORBIDDEN') return { outcome: 'refused', answer };
  return { outcome: 'failed', answer, retryAfterMs: null };
}

function detailsOf(error: unknown): { message: string; code: string | null } {
  if (!(error instanceof Error)) return { message: String(error), code: null };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { message: error.message, code: code ?? (error.name === 'TimeoutError' ? 'a timeout' : null) };
}
