/** Opens a connection to a host through an HTTP proxy, by CONNECT also for plain HTTP, so that the proxy delays no answer. */

import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { hostOf, portOf } from '../base/url-host.ts';

/**
 * `unreachable`: the proxy cannot be reached, or requires other credentials, so no host can be reached. `refused`: the proxy does
 * not allow this host. `upstream`: the proxy did not reach the host.
 */
export type ProxyErrorKind = 'unreachable' | 'refused' | 'upstream';

/** A proxy opened no connection. The message names the proxy without its credentials. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly kind: ProxyErrorKind;

  constructor(kind: ProxyErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * @param url The URL with the host and port to reach.
 * @throws {ProxyError} When the proxy opens no connection. When the signal aborts, its reason.
 */
export function openTunnel(proxy: URL, url: URL, signal: AbortSignal): Promise<Socket> {
  const authority = `${url.hostname}:${portOf(url)}`;
  return new Promise((resolve, reject) => {
    let isReached = false;
    const request = (proxy.protocol === 'https:' ? requestHttps : requestHttp)({
      host: hostOf(proxy),
      port: portOf(proxy),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      agent: false,
      signal,
    });
    request.once('socket', (socket) => {
      socket.once(proxy.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        isReached = true;
      });
    });
    // Node.js emits `connect` for an answer with any status.
    request.once('connect', (answer: IncomingMessage, socket: Socket) => {
      // No bytes follow the head, because in TLS and HTTP the client sends first.
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(refusal(proxy, authority, answer.statusCode ?? 0));
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      // A timeout after the proxy was reached may be caused by the host, so it is not the proxy's fault.
      const isTheirs = signal.aborted && (isReached || signal.reason?.name !== 'TimeoutError');
      if (isTheirs) return reject(signal.reason);
      const why = signal.aborted ? 'no connection in time' : (error.code ?? error.message);
      const said = `the proxy ${proxy.host} cannot be reached (${why}): correct HTTPS_PROXY, or start the proxy`;
      reject(new ProxyError('unreachable', said, { cause: error }));
    });
    request.end();
  });
}

function authorization({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

function refusal({ host }: URL, authority: string, status: number): ProxyError {
  if (status === 407) {
    return new ProxyError(
      'unreachable',
      `the proxy ${host} wants other credentials (HTTP 407): write http://USER:PASSWORD@${host} in HTTPS_PROXY`,
    );
  }
  if (status >= 500) {
    return new ProxyError('upstream', `the proxy ${host} did not reach ${authority} (HTTP ${status})`);
  }
  const message = `the proxy ${host} does not let ${authority} be reached (HTTP ${status}): have it allowed there, or name it in NO_PROXY`;
  return new ProxyError('refused', message);
}
