/** A connection to a host through an HTTP proxy: CONNECT, for plain HTTP too, so that what is measured is the answer alone. */

import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { hostOf, portOf } from '../base/url-host.ts';

/**
 * `unreachable`: the proxy cannot be reached, or wants other credentials, so nothing can be asked through it. `refused`: it
 * does not let this host be asked. `upstream`: it did not reach the host.
 */
export type ProxyErrorKind = 'unreachable' | 'refused' | 'upstream';

/** Why a proxy gave no connection. The message names the proxy without its credentials. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly kind: ProxyErrorKind;

  constructor(kind: ProxyErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * @param url Whose host and port are to be reached.
 * @throws {ProxyError} Else what the signal aborted with.
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
    // Comes with an answer of any status, also of a server that knows no CONNECT.
    request.once('connect', (answer: IncomingMessage, socket: Socket) => {
      // Nothing comes behind the head: neither TLS nor HTTP lets the server speak first.
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(refusal(proxy, authority, answer.statusCode ?? 0));
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      // What it does after it has taken the request, it may do because of the host.
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
