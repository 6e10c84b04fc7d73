/** The socket around the API's app. What may come in is loopback.ts's; what is answered is lib/api's. */

import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { onlyFromThisMachine } from './loopback.ts';
import { StartError } from './start-error.ts';

export interface LocalServer {
  /** Without a trailing slash. */
  readonly url: string;
  /** Takes no new connections from now on; resolves when those that are open have ended. */
  drain(): Promise<void>;
  /** Ends every connection. */
  cut(): void;
}

export interface ServerOptions {
  fetch: (request: Request) => Response | Promise<Response>;
  /** A loopback name or address. */
  host: string;
  /** 0: any free one. */
  port: number;
}

/** @throws {StartError} When the address cannot be listened on. */
export async function startServer({ fetch, host, port }: ServerOptions): Promise<LocalServer> {
  const server = createAdaptorServer({ fetch: onlyFromThisMachine(fetch) });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(startErrorOf(error, host, port)));
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`,
    drain: () => new Promise((resolve) => server.close(() => resolve())),
    cut: () => {
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
  };
}

function startErrorOf(error: NodeJS.ErrnoException, host: string, port: number): StartError {
  const options = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(
        `--port: ${port} is taken on ${host}. Stop what uses it, or choose another: npm start -- --port ${port + 1} ` +
          '(--port 0 takes any free one)',
        1,
        options,
      );
    case 'EACCES':
      return new StartError(`--port: this user may not listen on ${port}. Choose one above 1023`, 1, options);
    case 'EADDRNOTAVAIL':
      return new StartError(`--host: this machine has no address ${host}. Use 127.0.0.1`, 1, options);
    default:
      return new StartError(`cannot listen on ${host}, port ${port}: ${error.message}`, 1, options);
  }
}
