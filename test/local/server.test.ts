import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Door } from '../../lib/local/door.ts';
import { startServer } from '../../lib/local/server.ts';

describe('the local server', () => {
  let server: Door;
  let served: string[];

  beforeEach(async () => {
    served = [];
    server = await startServer({
      fetch: (incoming) => {
        served.push(`${incoming.method} ${new URL(incoming.url).pathname}`);
        return new Response('served');
      },
      host: '127.0.0.1',
      port: 0,
    });
  });

  afterEach(async () => {
    server.cut();
    await server.drain();
  });

  /** A request with headers that fetch does not let one set. */
  function send(method: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`${server.url}/v1/check`, { method, headers, agent: false }, (incoming) => {
        let body = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (part: string) => {
          body += part;
        });
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body }));
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
  }

  test.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000'])(
    'serves a request whose Host is %s',
    async (host) => {
      expect(await send('GET', { host })).toEqual({ status: 200, body: 'served' });
    },
  );

  test.each(['rebound.example.com', 'rebound.example.com:3000', '10.0.0.1', '127.0.0.1.example.com'])(
    'refuses a request whose Host is %s, as a rebound name would be',
    async (host) => {
      const { status, body } = await send('GET', { host });
      expect(status).toBe(403);
      expect(JSON.parse(body)).toMatchObject({ status: 403, detail: expect.stringContaining(host) });
      expect(served).toEqual([]);
    },
  );

  test.each([
    ['evil.example', 'localhost'],
    ['localhost', 'evil.example'],
    ['localhost', 'localhost'],
  ])('refuses a request with two Host headers, %s and %s', async (first, second) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end(`GET / HTTP/1.1\r\nHost: ${first}\r\nhOST: ${second}\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
    expect(served).toEqual([]);
  });

  test.each(['https://example.com', 'null'])('refuses a write that a page of origin %s sends', async (origin) => {
    expect((await send('POST', { origin })).status).toBe(403);
    expect(served).toEqual([]);
  });

  test('serves a write of its own page, and one without an origin', async () => {
    expect((await send('POST', { origin: server.url })).status).toBe(200);
    expect((await send('POST', {})).status).toBe(200);
  });

  test('a taken port is an error that says what to do', async () => {
    const port = Number(new URL(server.url).port);
    const second = startServer({
      fetch: () => new Response(),
      host: '127.0.0.1',
      port,
    });
    await expect(second).rejects.toMatchObject({
      name: 'StartError',
      exitStatus: 1,
      message: expect.stringMatching(new RegExp(`--port: ${port} is taken on 127.0.0.1.*--port ${port + 1}`)),
    });
  });
});
