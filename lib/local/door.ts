/**
 * Opens a port. All ports of this process are opened here. The caller decides which requests are admitted
 * (admission.ts).
 */

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Admission, ambiguityOf, refusalOf } from './admission.ts';

export interface Door {
  /** Address for programs of this machine, without a trailing slash. */
  readonly url: string;
  /** Accepts no new connections. Resolves when the open ones have ended. */
  drain(): Promise<void>;
  /** Ends every connection. */
  cut(): void;
}

export interface DoorOptions {
  admission: Admission;
  /** Answers admitted requests. */
  listener: RequestListener;
  /** Default: 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
}

/** @throws The error of `listen` when the address cannot be used. */
export async function openDoor({ admission, listener, host = '127.0.0.1', port = 0 }: DoorOptions): Promise<Door> {
  const server = createServer((request, response) => {
    const ambiguity = ambiguityOf(request);
    if (ambiguity !== null) return refuse(response, 400, ambiguity);
    const refusal = refusalOf(admission, request);
    if (refusal !== null) return refuse(response, 403, refusal);
    listener(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${hostInUrl(host)}:${bound.port}`,
    drain: () => new Promise((resolve) => server.close(() => resolve())),
    cut: () => server.closeAllConnections(),
  };
}

/** The address to connect to. `0.0.0.0` and `::` mean all addresses, so no client can use them. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** Answers without reading the body, and closes the connection. */
function refuse(response: ServerResponse<IncomingMessage>, status: 400 | 403, detail: string): void {
  const problem = JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail });
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(problem),
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(problem);
}
