/**
 * Sends one HTTP request to an address from the configuration. The address is guarded like a provider's: the policy
 * must allow it, and every address that its name resolves to, and redirects are not followed. Reads only the beginning
 * of an answer.
 */

import { Agent, buildConnector, request } from 'undici';
import { AddressForbiddenError, type AddressPolicy, guardedLookup, isAllowedAddress } from '../../egress/guard.ts';
import { type ProxySettings, proxyFor } from '../../egress/proxy.ts';
import { openTunnel } from '../../egress/tunnel.ts';

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface HttpAnswer {
  status: number;
  /** The beginning of the body. */
  text: string;
  /** From the header `Retry-After`; null when there is none. */
  retryAfterMs: number | null;
}

export interface Http {
  /** @throws When there is no answer: the socket's error, or the signal's reason. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Resolves when no socket is left. A later `send` opens new ones. */
  close(): Promise<void>;
}

/** Far more than the 300 characters that are shown of an answer. */
const READ_BYTES = 4096;
const CONNECT_TIMEOUT_MS = 3000;
/**
 * Long enough for the messages of one batch. A Lambda may be frozen between batches and would find a kept socket dead.
 */
const KEEP_ALIVE_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

export function createHttp(addressPolicy: AddressPolicy, proxies: ProxySettings | null = null): Http {
  const connect = buildConnector({ lookup: guardedLookup(addressPolicy), timeout: CONNECT_TIMEOUT_MS });
  let agent: Agent | null = null;

  const makeAgent = () =>
    new Agent({
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      connect(options, callback) {
        const { protocol, hostname, port } = options;
        const url = new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}`);
        const proxy = proxyFor(url, proxies);
        // The proxy resolves the name, so its addresses cannot be checked here. A literal address was checked with the
        // URL.
        if (proxy) {
          openTunnel(proxy, url, AbortSignal.timeout(CONNECT_TIMEOUT_MS)).then(
            (httpSocket) =>
              protocol === 'http:' ? callback(null, httpSocket) : connect({ ...options, httpSocket }, callback),
            (error) => callback(error, null),
          );
          return;
        }
        connect(options, (...[error, socket]) => {
          if (error) return callback(error, null);
          // Check the connected address too: a literal address is never looked up, and a name may resolve differently
          // the second time.
          if (isAllowedAddress(socket.remoteAddress ?? '', addressPolicy)) return callback(null, socket);
          socket.destroy();
          callback(new AddressForbiddenError(), null);
        });
      },
    });

  return {
    async send({ method, url, headers = {}, body }, signal) {
      agent ??= makeAgent();
      const answer = await request(url, {
        method,
        headers: { 'user-agent': 'provider-health', ...headers },
        body: body ?? null,
        dispatcher: agent,
        signal,
      });
      return {
        status: answer.statusCode,
        text: await beginningOf(answer.body),
        retryAfterMs: retryAfterMs(answer.headers['retry-after']),
      };
    },
    async close() {
      const closing = agent;
      agent = null;
      await closing?.destroy();
    },
  };
}

/** Reads at most READ_BYTES. Leaving the loop early closes the connection. */
async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= READ_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, READ_BYTES).toString('utf8');
}

function retryAfterMs(header: string | string[] | undefined): number | null {
  const seconds = typeof header === 'string' ? Number(header) : Number.NaN;
  return seconds >= 0 ? Math.min(LONGEST_WAIT_MS, seconds * 1000) : null;
}
