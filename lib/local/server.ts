/** The port of the API and its status page. */

import { getRequestListener } from '@hono/node-server';
import { type Admission, THIS_MACHINE_AND_OWN_PAGES } from './admission.ts';
import { type Door, openDoor } from './door.ts';
import { StartError } from './start-error.ts';

export interface ServerOptions {
  /** @param env The server's environment; `addressOf` (access.ts) reads it. */
  fetch: (request: Request, env: unknown) => Response | Promise<Response>;
  /** Default: programs of this machine, and the pages of this port. */
  admission?: Admission;
  /** Name or address to listen on. */
  host: string;
  /** 0: any free port. */
  port: number;
}

/** @throws {StartError} When it cannot listen on the address. */
export async function startServer({
  fetch,
  admission = THIS_MACHINE_AND_OWN_PAGES,
  host,
  port,
}: ServerOptions): Promise<Door> {
  const listener = getRequestListener(fetch);
  try {
    return await openDoor({ admission, listener, host, port });
  } catch (error) {
    throw startErrorOf(error as NodeJS.ErrnoException, host, port);
  }
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
