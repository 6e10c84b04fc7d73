/**
 * Requests a token from a token endpoint. The connection is guarded like a provider's: only allowed addresses, no
 * redirects, limits for time and size.
 */

import { parseJson } from '../../base/json.ts';
import { at, textOf } from '../../base/json-value.ts';
import { type AddressPolicy, refuseUrl } from '../../egress/guard.ts';
import { safeMessage } from '../../egress/message.ts';
import { ProxyError } from '../../egress/tunnel.ts';
import { Secret } from '../../keys/secret.ts';
import { type TransportFailure, transportFailure } from '../failure/transport.ts';
import { MAX_BODY_BYTES } from '../wire/body.ts';
import type { Connector } from '../wire/connection.ts';
import { CancelledError, type Deadline } from '../wire/deadline.ts';
import { Connection } from '../wire/http.ts';
import { Trace } from '../wire/stamps.ts';
import type { Grant } from './grant.ts';
import { TokenError } from './token-error.ts';

export interface GivenToken {
  token: Secret;
  /** For how long it is valid from now on. */
  lifetimeMs: number;
}

export interface Exchange {
  connector: Connector;
  addressPolicy: AddressPolicy;
}

/** Assumed where the endpoint gives no lifetime, although OAuth recommends it. */
const DEFAULT_LIFETIME_SECONDS = 300;
const LONGEST_LIFETIME_SECONDS = 86_400;
const LONGEST_TOKEN = 16_384;

/**
 * @throws {TokenError}
 * @throws {CancelledError}
 */
export async function exchange(
  { connector, addressPolicy }: Exchange,
  tokenUrl: string,
  grant: Grant,
  deadline: Deadline,
): Promise<GivenToken> {
  const refusal = refuseUrl(tokenUrl, addressPolicy);
  if (refusal !== null) throw new TokenError('config', `auth.tokenUrl: ${refusal}`);
  const url = new URL(tokenUrl);
  const trace = new Trace({ unreadMs: () => 0 });
  try {
    const { statusCode, body } = await post({ connector, trace, signal: deadline.signal }, url, grant);
    return tokenOf(url.host, statusCode, body, grant);
  } catch (error) {
    if (error instanceof TokenError || error instanceof CancelledError) throw error;
    throw unreached(error, trace, url.host);
  }
}

interface Posting {
  connector: Connector;
  trace: Trace;
  signal: AbortSignal;
}

async function post({ connector, trace, signal }: Posting, url: URL, { form }: Grant) {
  const socket = await connector.open(url, trace, signal);
  const connection = new Connection(socket, url.origin, false);
  const text = new TextDecoder();
  let body = '';
  try {
    const { statusCode } = await connection.exchange(
      {
        method: 'POST',
        url: url.href,
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      },
      url,
      {
        maxBodyBytes: MAX_BODY_BYTES,
        trace,
        signal,
        onHead: () => (bytes) => {
          body += text.decode(bytes, { stream: true });
        },
      },
    );
    return { statusCode, body: body + text.decode() };
  } finally {
    await connection.close();
  }
}

function tokenOf(host: string, statusCode: number, body: string, { secrets }: Grant): GivenToken {
  const json = parseJson(body);
  const token = textOf(at(json, 'access_token'));
  const isUsable = token !== null && token.length <= LONGEST_TOKEN && /^[\x21-\x7e]+$/.test(token);
  if (statusCode === 200 && isUsable) {
    return { token: new Secret(token), lifetimeMs: lifetimeSecondsOf(at(json, 'expires_in')) * 1000 };
  }
  const words = [at(json, 'error'), at(json, 'error_description')].flatMap((word) => textOf(word) ?? []).join(': ');
  // Hide a token in an answer with another status or in an unexpected form too.
  const hidden = token === null ? secrets : [...secrets, new Secret(token)];
  const answered = `the token endpoint ${host} gave no token: status ${statusCode}${words && `, ${words}`}`;
  throw new TokenError('auth', safeMessage(answered, hidden));
}

/** The lifetime is a number; some endpoints send it as text. */
function lifetimeSecondsOf(value: unknown): number {
  const seconds = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return seconds > 0 ? Math.min(seconds, LONGEST_LIFETIME_SECONDS) : DEFAULT_LIFETIME_SECONDS;
}

/** The failure of a proxy that did not reach the endpoint. Other errors of a proxy are handled as for every request. */
function proxyFailure(error: unknown): TransportFailure | null {
  return error instanceof ProxyError && error.kind === 'upstream'
    ? { category: 'connect', message: error.message }
    : null;
}

function unreached(error: unknown, trace: Trace, host: string): unknown {
  const known = transportFailure(error, trace, host) ?? proxyFailure(error);
  if (known === null) return error;
  const message = `no token, since the token endpoint was not reached: ${known.message}`;
  switch (known.category) {
    case 'dns':
    case 'connect':
    case 'tls':
    case 'timeout':
    case 'config':
      return new TokenError(known.category, message, { cause: error });
    default:
      return new TokenError('auth', message, { cause: error });
  }
}
