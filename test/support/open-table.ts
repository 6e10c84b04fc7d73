/**
 * The embedded table on a port that allows every caller everything, as DynamoDB Local does: for tests with clients,
 * proxies and processes of their own. The product's own port (lib/local/table/door.ts) requires its key.
 */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type EmbeddedTable, startEmbeddedTable } from '../../lib/local/table/embedded.ts';

export interface OpenTable extends EmbeddedTable {
  /** URL, on a free port of 127.0.0.1. */
  endpoint: string;
}

export async function startOpenTable(tableName?: string): Promise<OpenTable> {
  const table = await startEmbeddedTable(tableName);
  const server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target']);
    // A caller that hung up gets no answer.
    const body = await text(request).catch(() => null);
    if (body === null) return;
    const { statusCode, headers, body: answer } = await table.dynamo.ask(target, body);
    response.writeHead(statusCode, headers).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...table,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await table.close();
    },
  };
}
