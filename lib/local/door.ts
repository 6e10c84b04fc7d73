/** The one way in which this process opens a port. The caller says who may come in (admission.ts). */

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Admission, refusalOf } from './admission.ts';

export interface Door {
  /** As this machine reaches it, without a trailing slash. */
  readonly url: string;
  /** Takes no new connections from now on; resolves when those that are open have ended. */
  drain(): Promise<void>;
  /** Ends every connection. */
  cut(): void;
}

export interface DoorOptions {
  admission: Admission;
  /** Answers what is let in. */
  listener: RequestListener;
  /** Default: 127.0.0.1. */
  host?: string;
  /** 0: any free one, which is the default. */
  port?: number;
}

/** @throws What `listen` throws when the address cannot be had. */
export async function openDoor({ admission, listener, host = '127.0.0.1', port = 0 }: DoorOptions): Promise<Door> {
  const server = createServer((request, response) => {
    const refusal = refusalOf(admission, request);
    if (refusal === null) listener(request, response);
    else refuse(response, refusal);
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

/** No client connects to the address that means all addresses. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** The body is not read, and the connection ends with the answer. */
function refuse(response: ServerResponse<IncomingMessage>, detail: string): void {
  const problem = JSON.stringify({ type: 'about:blank', title: 'Forbidden', status: 403, detail });
  response.writeHead(403, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(problem),
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(problem);
}
