/**
 * Opens one connection: name, TCP, TLS, each stamped as the socket reports it. It never connects to an address that
 * the policy does not allow, also where a name resolved to one. Behind a proxy only what the URL says can be held to the
 * policy: the proxy resolves the name, and decides where it connects to.
 */

import { isIP, type LookupFunction, connect as openTcp, type Socket } from 'node:net';
import { createSecureContext, connect as openTls, type SecureContext, type TLSSocket } from 'node:tls';
import { hostOf, portOf } from '../../base/url-host.ts';
import { AddressForbiddenError, type AddressPolicy, guardedLookup, isAllowedAddress } from '../../egress/guard.ts';
import { type ProxySettings, proxyFor } from '../../egress/proxy.ts';
import { openTunnel } from '../../egress/tunnel.ts';
import { identityError, withoutChain } from './identity.ts';
import { Sessions } from './sessions.ts';
import type { Trace } from './stamps.ts';

/** How the certificates of test servers are trusted. Passed in code only: no setting and no environment reaches it. */
export interface TlsOptions {
  /** PEM. Default: the system's authorities. */
  ca?: string;
  /** Default true. */
  rejectUnauthorized?: boolean;
  /** Whether sessions are resumed. Default true. */
  resume?: boolean;
}

export interface Connector {
  /** Does what is done once for all connections of this kind, so that none has to wait for it. */
  prepare(url: URL): void;
  /** @throws What the signal aborted with, or the socket's error. The socket is gone then. */
  open(url: URL, trace: Trace, signal: AbortSignal): Promise<Socket>;
}

export interface ConnectorOptions {
  addressPolicy: AddressPolicy;
  tls?: TlsOptions | undefined;
  /** Default: the system's. */
  lookup?: LookupFunction | undefined;
  /** Default: none. */
  proxies?: ProxySettings | null | undefined;
  /** Default: on the process's clock. */
  sessions?: Sessions;
}

export function createConnector({
  addressPolicy,
  tls = {},
  lookup,
  proxies = null,
  ...options
}: ConnectorOptions): Connector {
  const guarded = guardedLookup(addressPolicy, lookup);
  // One context for all: making one for each connection would cost as much as a part of the handshake.
  let secureContext: SecureContext | undefined;
  const { sessions = new Sessions({ now: () => performance.now(), random: Math.random }) } = options;

  function prepare({ protocol }: URL): void {
    if (protocol === 'https:') secureContext ??= createSecureContext({ ca: tls.ca });
  }

  /** @param tunnel Through a proxy; null: a connection of its own. */
  function connect(url: URL, tunnel: Socket | null): Socket {
    const host = hostOf(url);
    if (url.protocol === 'http:') return tunnel ?? openTcp({ host, port: portOf(url), lookup: guarded });
    const session = tls.resume === false ? undefined : sessions.take(url.origin);
    const socket: TLSSocket = openTls({
      ...(tunnel ? { socket: tunnel } : { host, port: portOf(url), lookup: guarded }),
      secureContext,
      ALPNProtocols: ['http/1.1'],
      checkServerIdentity: (name) => identityError(socket, name),
      // A literal address is no name to ask for.
      ...(isIP(host) === 0 && { servername: host }),
      ...(tls.rejectUnauthorized === false && { rejectUnauthorized: false }),
      ...(session && { session }),
    });
    withoutChain(socket);
    keepSessions(sessions, url.origin, socket);
    return socket;
  }

  /** Resolves when the socket, just made, is ready for a request. */
  function ready(socket: Socket, url: URL, isTunnel: boolean, trace: Trace, signal: AbortSignal): Promise<Socket> {
    return new Promise((resolve, reject) => {
      socket.setNoDelay(true);
      // A connection may break while it waits for its request; without a listener the process would end. Its next
      // user sees that it is gone.
      socket.on('error', () => {});

      const settle = () => {
        signal.removeEventListener('abort', onAbort);
        socket.removeListener('error', fail);
        socket.removeListener('close', onClose);
      };
      const fail = (error: unknown) => {
        settle();
        socket.destroy();
        reject(error);
      };
      const onAbort = () => fail(signal.reason);
      const onClose = () => fail(new ClosedError());
      const succeed = () => {
        settle();
        trace.newConnection = true;
        resolve(socket);
      };

      signal.addEventListener('abort', onAbort, { once: true });
      socket.once('error', fail);
      socket.once('close', onClose);
      socket.once('secureConnect', () => {
        trace.securedAt = performance.now();
        trace.resumed = (socket as TLSSocket).isSessionReused();
        succeed();
      });
      if (isTunnel) {
        if (url.protocol === 'http:') succeed();
        return;
      }
      socket.once('lookup', (error: Error | null) => {
        if (error === null) trace.lookedUpAt = performance.now();
      });
      // First of all listeners, so that not even the TLS greeting goes to a forbidden address.
      socket.prependOnceListener('connect', () => {
        trace.connectedAt = performance.now();
        if (!isAllowedAddress(socket.remoteAddress ?? '', addressPolicy)) fail(new AddressForbiddenError());
        else if (url.protocol === 'http:') succeed();
      });
    });
  }

  return {
    prepare,
    async open(url, trace, signal) {
      signal.throwIfAborted();
      const host = hostOf(url);
      if (isIP(host) !== 0 && !isAllowedAddress(host, addressPolicy)) throw new AddressForbiddenError();
      prepare(url);
      trace.startedAt = performance.now();
      const proxy = proxyFor(url, proxies);
      const tunnel = proxy && (await openTunnel(proxy, url, signal));
      if (tunnel) trace.connectedAt = performance.now();
      return ready(connect(url, tunnel), url, tunnel !== null, trace, signal);
    },
  };
}

/** The peer closed a connection that had not carried an answer. */
export class ClosedError extends Error {
  override readonly name = 'ClosedError';
  readonly code = 'ECONNRESET';

  constructor() {
    super('the connection was closed before it was ready');
  }
}

/** Keeps what the next connection to the origin may resume; not before the certificate was judged. */
function keepSessions(sessions: Sessions, origin: string, socket: TLSSocket): void {
  let isGood = false;
  socket.once('secureConnect', () => {
    isGood = true;
    if (!socket.isSessionReused()) sessions.verified(origin);
    // Up to TLS 1.2 the session itself is resumed, again and again; since 1.3 tickets come after the handshake.
    const session = socket.getProtocol() === 'TLSv1.3' ? undefined : socket.getSession();
    if (session !== undefined) sessions.keep(origin, session);
  });
  socket.on('session', (ticket: Buffer) => {
    if (isGood && socket.getProtocol() === 'TLSv1.3') sessions.keep(origin, ticket);
  });
  socket.once('close', () => {
    if (!isGood) sessions.forget(origin);
  });
}
