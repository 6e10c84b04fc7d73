/**
 * An HTTP proxy on loopback, like those between companies and the internet: it accepts CONNECT, and connects to the
 * server that a test names.
 */

import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface TestProxy {
  url: string;
  /** The targets of the CONNECT requests, in order. */
  readonly asked: readonly string[];
  /** The credentials in each CONNECT request, in order. */
  readonly credentials: readonly (string | undefined)[];
  close(): Promise<void>;
}

export interface ProxyBehaviour {
  /** HTTP status of its answer; null: it does not answer. Default 200. */
  status?: number | null;
  /** The port on loopback that it connects to, for every request. Default: the requested port. */
  leadsTo?: number;
  /** Milliseconds before it answers. Default 0. */
  delayMs?: number;
}

export async function startProxy({ status = 200, leadsTo, delayMs = 0 }: ProxyBehaviour = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const credentials: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(400).end());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push(String(request.url));
    credentials.push(request.headers['proxy-authorization']);
    client.on('error', () => {});
    if (status === null) return;
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\ncontent-length: 2\r\n\r\nno`);
    const port = leadsTo ?? Number(String(request.url).split(':').at(-1));
    const upstream = connect(port, '127.0.0.1', () => {
      setTimeout(() => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(upstream).pipe(client);
      }, delayMs);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    credentials,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
