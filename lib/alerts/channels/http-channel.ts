/** The common part of all channels over HTTP: secrets by reference, the address guard, and the meaning of an answer. */

import { type AddressPolicy, refuseUrl } from '../../egress/guard.ts';
import { safeMessage } from '../../egress/message.ts';
import type { ChannelSettings } from '../../health/alerting/alert-settings.ts';
import { KeyError, type KeyResolver } from '../../keys/keys.ts';
import { parseKeyReference } from '../../keys/reference.ts';
import { Secret } from '../../keys/secret.ts';
import type { Message } from '../words/message.ts';
import type { Channel, SendResult } from './channel.ts';
import type { Http, HttpAnswer } from './http.ts';

/** What every channel over HTTP needs. */
export interface ChannelParts {
  http: Http;
  keys: KeyResolver;
  /** The addresses that may be called. */
  addressPolicy: AddressPolicy;
  now: () => Date;
}

/** One request of a message, without its address. */
export interface Post {
  /** Appended to the channel's address. Default: nothing. */
  path?: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body: string;
}

/** How one kind of channel writes its requests. */
export interface HttpChannelSpec {
  /** The address, or a reference to it. */
  url: string;
  /** Reference to the secret that the channel needs beside its address; null: none. */
  secret: string | null;
  /** The requests for a message, in order; empty where the channel does not show the message. */
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

/** A shorter path is the name of a route, not a token. */
const SHORTEST_TOKEN = 12;

/**
 * The part of a literal URL that may hold a token: path and query. The host is no secret, and errors need to name it.
 */
function tokensOf(url: string): Secret[] {
  if (!URL.canParse(url)) return [];
  const { pathname, search } = new URL(url);
  const path = `${pathname}${search}`.slice(1);
  return path.length < SHORTEST_TOKEN ? [] : [new Secret(path)];
}

/** Any 2xx is a delivery. A retry helps after 5xx, 408 and 429; any other answer would be the same again. */
function resultOf({ status, text, retryAfterMs }: HttpAnswer, secrets: readonly Secret[]): SendResult {
  const answer = safeMessage(`HTTP ${status}${text === '' ? '' : `: ${text}`}`, secrets);
  if (status >= 200 && status < 300) return { outcome: 'delivered', answer };
  if (status >= 500 || status === 408 || status === 429) return { outcome: 'failed', answer, retryAfterMs };
  return { outcome: 'refused', answer };
}

/** A retry does not help against a key that cannot be read or an address that may not be called. */
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
