/** Waits until a new socket is ready for a request, and records when each step ended, in the socket's own events. */

import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { AddressForbiddenError, type AddressPolicy, isAllowedAddress } from '../../egress/guard.ts';
import type { Trace } from './stamps.ts';

/** The peer closed a connection before it was ready for a request. */
export class ClosedError extends Error {
  override readonly name = 'ClosedError';
  readonly code = 'ECONNRESET';

  constructor() {
    super('the connection was closed before it was ready');
  }
}

export interface SetUp {
  url: URL;
  /** `tunnel`: a proxy has connected the socket already, and resolved the name. */
  path: 'direct' | 'tunnel';
  addressPolicy: AddressPolicy;
  trace: Trace;
  signal: AbortSignal;
}

/** Rejects with the signal's reason or the socket's error. The socket is then closed. */
export function socketReady(socket: Socket, { url, path, addressPolicy, trace, signal }: SetUp): Promise<void> {
  const isPlain = url.protocol === 'http:';
  return new Promise((resolve, reject) => {
    socket.setNoDelay(true);
    // A connection may break while it waits for its request. Without a listener the process would end; the next use
    // notices it anyway.
    socket.on('error', ignore);

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
      resolve();
    };

    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', fail);
    socket.once('close', onClose);
    socket.once('secureConnect', () => {
      trace.securedAt = performance.now();
      trace.resumed = socket instanceof TLSSocket && socket.isSessionReused();
      succeed();
    });
    if (path === 'tunnel') {
      if (isPlain) succeed();
      return;
    }
    socket.once('lookup', (error: Error | null) => {
      if (error === null) trace.lookedUpAt = performance.now();
    });
    // Must be the first listener, so that not even the TLS greeting is sent to a forbidden address.
    socket.prependOnceListener('connect', () => {
      trace.connectedAt = performance.now();
      if (!isAllowedAddress(socket.remoteAddress ?? '', addressPolicy)) fail(new AddressForbiddenError());
      else if (isPlain) succeed();
    });
  });
}

function ignore(): void {}
