/** A proxy before the table or the API that fails as a network or AWS does when a test says so. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * `well`: hands on. `gone`: closes the connection. `slow`: never answers. `denied`: AWS says that the caller may not.
 */
export type Weather = 'well' | 'gone' | 'slow' | 'denied';

export interface MonitorProxy {
  url: string;
  weather: Weather;
  /** Requests that came since it was last set to 0. */
  requests: number;
  close(): Promise<void>;
}

export async function startProxy(target: string): Promise<MonitorProxy> {
  const server = createServer((request, response) => {
    proxy.requests += 1;
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (proxy.weather) {
      case 'gone':
        request.socket.destroy();
        return;
      case 'slow':
        return;
      case 'denied':
        if (request.headers['x-amz-target'] === undefined) {
          response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}');
        } else {
          const body = { __type: 'com.amazon.coral.service#AccessDeniedException', Message: 'not authorized' };
          response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
        }
        return;
      default:
        return handOn(request, response);
    }
  }

  async function handOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk);
    const { host, connection, 'content-length': length, ...headers } = request.headers as Record<string, string>;
    const answer = await fetch(new URL(request.url ?? '/', target), {
      method: request.method ?? 'GET',
      headers,
      ...(body.length > 0 && { body: Buffer.concat(body) }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  const proxy: MonitorProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    weather: 'well',
    requests: 0,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return proxy;
}
