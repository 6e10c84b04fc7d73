/** A server of raw sockets, so that it can misbehave in every way that a real one can. */

import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Identity } from './certificates.ts';

/**
 * What the server does with a connection after it has received a whole request; called again for each further request.
 */
export type Behaviour = (socket: Socket, request: string) => void;

export interface Peer {
  /** Without a path. */
  origin: string;
  port: number;
  /** Each request in full, in the order of their arrival. */
  requests: string[];
  /** Number of all connections that were ever opened. */
  connections: number;
  /** Connections that are open now. */
  open: Set<Socket>;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface PeerOptions {
  /** Absent: no TLS. */
  tls?: Identity;
  /** The scheme in its URL. Default: the real one. */
  scheme?: 'http' | 'https';
  /** Instead of waiting for a request. */
  onConnection?: (socket: Socket) => void;
}

export async function startPeer(
  behave: Behaviour,
  { tls, scheme = tls ? 'https' : 'http', onConnection }: PeerOptions = {},
): Promise<Peer> {
  const accept = (socket: Socket) => {
    if (onConnection) onConnection(socket);
    else
      readRequests(socket, (request) => {
        peer.requests.push(request);
        behave(socket, request);
      });
  };
  const server: Server = tls ? createTlsServer(tls, accept) : createTcpServer(accept);
  // Counted at TCP, so that a connection whose TLS handshake fails counts too.
  server.on('connection', (socket: Socket) => {
    peer.connections += 1;
    peer.open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => peer.open.delete(socket));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const peer: Peer = {
    origin: `${scheme}://localhost:${port}`,
    port,
    requests: [],
    connections: 0,
    open: new Set(),
    async idle() {
      await Promise.all([...peer.open].map((socket) => once(socket, 'close')));
    },
    async close() {
      for (const socket of peer.open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return peer;
}

/** A complete HTTP/1.1 answer. */
export function answer(body: string | Buffer, headers: Record<string, string> = {}, status = '200 OK'): Buffer {
  const bytes = Buffer.from(body);
  const all = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`), bytes]);
}

/** Sends one part after the other, with a turn of the event loop in between, so that they arrive separately. */
export async function sendInParts(socket: Socket, parts: readonly (string | Buffer)[]): Promise<void> {
  for (const part of parts) {
    if (socket.destroyed) return;
    socket.write(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Calls `send` again and again, as fast as the socket accepts data, until the socket is closed. */
export function forever(socket: Socket, send: () => string | Buffer): void {
  const more = () => {
    if (socket.destroyed) return;
    if (socket.write(send())) setImmediate(more);
    else socket.once('drain', more);
  };
  more();
}

/**
 * Sends one byte every 20 ms until the end of the text, or until the socket is closed. With `repeats` the text starts
 * again at its end.
 */
export function drip(socket: Socket, text: string, repeats = false): void {
  let position = 0;
  const timer = setInterval(() => {
    if (position === text.length && !repeats) return clearInterval(timer);
    socket.write(text.charAt(position % text.length));
    position += 1;
  }, 20);
  socket.on('close', () => clearInterval(timer));
}

function readRequests(socket: Socket, onRequest: (request: string) => void): void {
  let received = '';
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    for (;;) {
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(received.slice(0, headEnd))?.[1] ?? 0);
      const end = headEnd + 4 + length;
      if (received.length < end) return;
      const request = received.slice(0, end);
      received = received.slice(end);
      onRequest(request);
    }
  });
}
