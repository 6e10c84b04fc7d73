/** An HTTP proxy on loopback that people have between them and the internet: it takes CONNECT, and leads wherever a test says. */

import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface TestProxy {
  url: string;
  /** What it was asked to connect with, in order. */
  readonly asked: readonly string[];
  /** Of each request for a connection. */
  readonly credentials: readonly (string | undefined)[];
  close(): Promise<void>;
}

export interface ProxyBehaviour {
  /** HTTP status of its answer; null: none comes. Default 200. */
  status?: number | null;
  /** Where it connects to, whatever it was asked for: the port of a server on loopback. */
  leadsTo?: number;
  /** Its own time before it answers. */
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
