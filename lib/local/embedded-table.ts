/**
 * A DynamoDB in this process, with the table in it: for `npm start` and for tests. It has no expiry and no stream; the
 * store filters what is expired, and the checker hands changes on itself.
 */

import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { Readable } from 'node:stream';
import dynalite from 'dynalite';
import { createClient } from '../store/dynamo/client.ts';
import { createTable } from '../store/dynamo/create-table.ts';

export interface EmbeddedTable {
  /** URL, on a free port of 127.0.0.1. */
  endpoint: string;
  tableName: string;
  /** Everything in it is gone with it. Resolves when the port is free. */
  close(): Promise<void>;
}

export async function startEmbeddedTable(tableName = 'provider-health'): Promise<EmbeddedTable> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  const drain = handOverWholeRequests(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
  const client = createClient({ endpoint });
  try {
    await createTable(client, tableName);
  } catch (error) {
    await close(server, drain);
    throw error;
  } finally {
    client.destroy();
  }
  return { endpoint, tableName, close: () => close(server, drain) };
}

/** Takes no more requests; resolves when those that it took are answered. */
type Drain = () => Promise<void>;

/**
 * dynalite throws when a caller hangs up within a request, which would end the process. So it is given requests that
 * are read already, in the form of what it uses of them.
 */
function handOverWholeRequests(server: Server): Drain {
  const [handle] = server.listeners('request') as RequestListener[];
  const answering = new Set<Promise<unknown>>();
  let isOpen = true;
  server.removeAllListeners('request');
  server.on('request', async (request, response) => {
    const body: Buffer[] = [];
    try {
      for await (const chunk of request) body.push(chunk);
    } catch {
      return;
    }
    const { method, url, headers } = request;
    if (!isOpen) {
      request.destroy();
      return;
    }
    const answered = new Promise((resolve) => response.once('close', resolve));
    answering.add(answered);
    void answered.then(() => answering.delete(answered));
    const whole = Object.assign(Readable.from(body, { objectMode: false }), { method, url, headers });
    handle?.(whole as unknown as IncomingMessage, response);
  });
  return async () => {
    isOpen = false;
    await Promise.all(answering);
  };
}

/** Requests under way are answered first: dynalite would look into a database that is gone, and end the process. */
async function close(server: Server, drain: Drain): Promise<void> {
  await drain();
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
