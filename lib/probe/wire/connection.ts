/**
 * Opens a connection and records the times of name lookup, TCP and TLS as the socket reports them. Never connects to an
 * address that the policy forbids, also not through a name. With a proxy, only the URL can be checked, since the proxy
 * resolves the name.
 */

import { isIP, type LookupFunction, connect as openTcp, type Socket } from 'node:net';
import { createSecureContext, connect as openTls, type SecureContext, type TLSSocket } from 'node:tls';
import { hostOf, portOf } from '../../base/url-host.ts';
import { AddressForbiddenError, type AddressPolicy, guardedLookup, isAllowedAddress } from '../../egress/guard.ts';
import { type ProxySettings, proxyFor } from '../../egress/proxy.ts';
import { openTunnel } from '../../egress/tunnel.ts';
import { identityError, withoutChain } from './identity.ts';
import { Sessions } from './sessions.ts';
import { socketReady } from './socket-ready.ts';
import type { Trace } from './stamps.ts';

/** TLS settings, for test servers. Only code can pass them: no setting and no variable does. */
export interface TlsOptions {
  /** Trusted authorities, in PEM. Default: the system's. */
  ca?: string;
  /** Default true. */
  rejectUnauthorized?: boolean;
  /** Whether sessions are resumed. Default true. */
  resume?: boolean;
}

export interface Connector {
  /** Does the work that is needed once for all connections, so that none must wait for it. */
  prepare(url: URL): void;
  /** @throws The signal's reason or the socket's error. The socket is then closed. */
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
  sessions = new Sessions({ now: () => performance.now(), random: Math.random }),
}: ConnectorOptions): Connector {
  const guarded = guardedLookup(addressPolicy, lookup);
  // One TLS context for all connections: making one for each would cost as much as part of the handshake.
  let secureContext: SecureContext | undefined;

  function prepare({ protocol }: URL): void {
    if (protocol === 'https:') secureContext ??= createSecureContext({ ca: tls.ca });
  }

  /** @param tunnel A tunnel through a proxy; null: connect directly. */
  function connect(url: URL, tunnel: Socket | null): Socket {
    const host = hostOf(url);
    if (url.protocol === 'http:') return tunnel ?? openTcp({ host, port: portOf(url), lookup: guarded });
    const session = tls.resume === false ? undefined : sessions.take(url.origin);
    const socket: TLSSocket = openTls({
      ...(tunnel ? { socket: tunnel } : { host, port: portOf(url), lookup: guarded }),
      secureContext,
      ALPNProtocols: ['http/1.1'],
      checkServerIdentity: (name) => identityError(socket, name),
      // `servername` must be a name, not a literal address.
      ...(isIP(host) === 0 && { servername: host }),
      ...(tls.rejectUnauthorized === false && { rejectUnauthorized: false }),
      ...(session && { session }),
    });
    withoutChain(socket);
    keepSessions(sessions, url.origin, socket);
    return socket;
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
      const socket = connect(url, tunnel);
      await socketReady(socket, { url, path: tunnel === null ? 'direct' : 'tunnel', addressPolicy, trace, signal });
      return socket;
    },
  };
}

/** Keeps TLS sessions for the next connections to the origin, but only after the certificate was verified. */
function keepSessions(sessions: Sessions, origin: string, socket: TLSSocket): void {
  let isVerified = false;
  socket.once('secureConnect', () => {
    isVerified = true;
    if (!socket.isSessionReused()) sessions.verified(origin);
    // Up to TLS 1.2, the session itself can be resumed repeatedly. With TLS 1.3, tickets come after the handshake.
    const session = socket.getProtocol() === 'TLSv1.3' ? undefined : socket.getSession();
    if (session !== undefined) sessions.keep(origin, session);
  });
  socket.on('session', (ticket: Buffer) => {
    if (isVerified && socket.getProtocol() === 'TLSv1.3') sessions.keep(origin, ticket);
  });
  socket.once('close', () => {
    if (!isVerified) sessions.forget(origin);
  });
}
