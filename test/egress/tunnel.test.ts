import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openTunnel, ProxyError } from '../../lib/egress/tunnel.ts';
import { LOCALHOST } from '../support/servers/certificates.ts';
import { CLOSED } from '../support/servers/closed.ts';

const opened: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const { server, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** `localhost:PORT` of a server that is closed after the test. */
async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  opened.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return `localhost:${(server.address() as AddressInfo).port}`;
}

/** A proxy that gives every request the same answer. */
const answering = (said: string, heard: string[] = []) =>
  listening(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (request) => {
        heard.push(String(request));
        socket.write(said);
      });
    }),
  );

const URL_OF_HOST = new URL('https://api.example.com/v1');
const never = new AbortController().signal;
const opening = (proxy: string, signal: AbortSignal = never) =>
  openTunnel(new URL(proxy), URL_OF_HOST, signal).catch((error: unknown) => error);

describe('a tunnel through a proxy', () => {
  it('is asked for with the host and the port, and no more than the proxy needs', async () => {
    const heard: string[] = [];
    const proxy = await answering('HTTP/1.1 200 OK\r\n\r\n', heard);
    const socket = (await opening(`http://${proxy}`)) as Socket;
    expect(heard).toEqual([
      'CONNECT api.example.com:443 HTTP/1.1\r\nhost: api.example.com:443\r\nConnection: close\r\n\r\n',
    ]);
    expect(socket.readable && socket.writable).toBe(true);
    socket.destroy();
  });

  it.each([
    ['me:very%2Fsecret@', 'me:very/secret'],
    ['me@', 'me:'],
    [':very-secret@', ':very-secret'],
  ])('has the credentials of http://%shost', async (credentials, pair) => {
    const heard: string[] = [];
    const proxy = await answering('HTTP/1.1 200 OK\r\n\r\n', heard);
    ((await opening(`http://${credentials}${proxy}`)) as Socket).destroy();
    expect(heard[0]).toContain(`\r\nproxy-authorization: Basic ${Buffer.from(pair).toString('base64')}\r\n`);
  });

  it.each([
    [407, 'unreachable', 'wants other credentials (HTTP 407): write http://USER:PASSWORD@<proxy> in HTTPS_PROXY'],
    [
      403,
      'refused',
      'does not let api.example.com:443 be reached (HTTP 403): have it allowed there, or name it in NO_PROXY',
    ],
    [
      499,
      'refused',
      'does not let api.example.com:443 be reached (HTTP 499): have it allowed there, or name it in NO_PROXY',
    ],
    [500, 'upstream', 'did not reach api.example.com:443 (HTTP 500)'],
  ])('is not opened by an answer with status %i: %s', async (status, kind, words) => {
    const proxy = await answering(`HTTP/1.1 ${status} No\r\ncontent-length: 2\r\n\r\nno`);
    const error = await opening(`http://me:very-secret@${proxy}`);
    expect(error).toBeInstanceOf(ProxyError);
    const message = `the proxy ${proxy} ${words.replace('<proxy>', proxy)}`;
    expect(error).toMatchObject({ name: 'ProxyError', kind, message });
  });

  it('leaves no connection to a proxy that refuses it, or that knows no CONNECT', async () => {
    const server = createHttp((_, response) => response.end('hello'));
    const closed = new Promise((resolve) => {
      server.on('connect', (_, socket) => socket.on('close', resolve).end('HTTP/1.1 404 No\r\n\r\n'));
    });
    expect(await opening(`http://${await listening(server)}`)).toMatchObject({ kind: 'refused' });
    await closed;
  });
});

describe('a proxy that is not reached', () => {
  const message = (proxy: string, why: string) =>
    `the proxy ${proxy} cannot be reached (${why}): correct HTTPS_PROXY, or start the proxy`;

  it('says why, with the error behind it', async () => {
    expect(await opening(`http://${CLOSED}`)).toMatchObject({
      kind: 'unreachable',
      message: message(CLOSED, 'ECONNREFUSED'),
      cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
    });
  });

  it('in time is unreachable: it was not asked for the host', async () => {
    const proxy = await listening(createServer());
    // It does not answer the TLS handshake.
    expect(await opening(`https://${proxy}`, AbortSignal.timeout(50))).toMatchObject({
      kind: 'unreachable',
      message: message(proxy, 'no connection in time'),
    });
  });

  it('is not blamed when the caller gave up first', async () => {
    const proxy = await listening(createServer());
    const reason = new Error('stopped');
    const controller = new AbortController();
    const attempt = opening(`https://${proxy}`, controller.signal);
    controller.abort(reason);
    expect(await attempt).toBe(reason);
  });
});

describe('a proxy that took the request, and answers nothing until it is too late', () => {
  it('may be waiting for the host: the time is over for that', async () => {
    const controller = new AbortController();
    const timeout = new DOMException('too late', 'TimeoutError');
    const proxy = await listening(createServer((socket) => socket.once('data', () => controller.abort(timeout))));
    expect(await opening(`http://${proxy}`, controller.signal)).toBe(timeout);
  });

  it('may be one that speaks TLS', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const controller = new AbortController();
    const timeout = new DOMException('too late', 'TimeoutError');
    const proxy = await listening(
      createTls({ key: LOCALHOST.key, cert: LOCALHOST.cert }, (socket) => {
        socket.on('error', () => {});
        socket.once('data', () => controller.abort(timeout));
      }),
    );
    expect(await opening(`https://${proxy}`, controller.signal)).toBe(timeout);
  });
});
