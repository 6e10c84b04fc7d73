import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttp, type Http } from '../../lib/alerts/channels/http.ts';
import { callHeartbeat } from '../../lib/alerts/heartbeat.ts';
import type { Log } from '../../lib/base/log.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { type ChannelServer, startChannelServer } from '../support/channel-server.ts';
import { startPeer } from '../support/servers/peer.ts';

let server: ChannelServer;
let http: Http;
let logged: string[];
const log: Log = {
  info: () => {},
  warn: (message, fields) => void logged.push(`${message} ${JSON.stringify(fields)}`),
  error: () => {},
};

const running = new AbortController().signal;
const KEPT = { HEARTBEAT: '' };
const parts = () => ({ http, keys: createKeyResolver({ env: KEPT }), addressPolicy: 'loopback' as const, log });

beforeEach(async () => {
  server = await startChannelServer();
  http = createHttp('loopback');
  logged = [];
});
afterEach(async () => {
  await http.close();
  await server.close();
});

describe('the heartbeat', () => {
  it('is one GET, and logs nothing when it is answered', async () => {
    await callHeartbeat(parts(), `${server.url}/ping/token-0123456789`, running);
    expect(server.received).toMatchObject([{ method: 'GET', path: '/ping/token-0123456789' }]);
    expect(logged).toEqual([]);
  });

  it('calls an address that is a secret, and logs no part of it', async () => {
    KEPT.HEARTBEAT = `${server.url}/ping/token-0123456789\n`;
    await callHeartbeat(parts(), 'env:HEARTBEAT', running);
    expect(server.received).toMatchObject([{ method: 'GET', path: '/ping/token-0123456789' }]);
    KEPT.HEARTBEAT = 'https://10.0.0.1/ping/token-0123456789';
    await callHeartbeat(parts(), 'env:HEARTBEAT', running);
    expect(server.received).toHaveLength(1);
    expect(logged).toEqual([expect.stringContaining('this address may not be called')]);
    expect(logged.join()).not.toContain('token-0123');
  });

  it('waits no longer for its address than for an answer', async () => {
    const keys = { resolve: () => new Promise<never>(() => {}) };
    await callHeartbeat({ ...parts(), keys }, 'ssm:/heartbeat', running);
    expect(logged).toEqual([expect.stringMatching(/^heartbeatUrl: no answer .*TimeoutError/)]);
  });

  it.each([
    ['is refused', { status: 404 }],
    ['is cut off', null],
  ])('that %s is logged, without its address, and the tick does not fail', async (_, answer) => {
    server.answerNext(answer);
    await callHeartbeat(parts(), `${server.url}/ping/token-0123456789`, running);
    expect(logged).toHaveLength(1);
    expect(logged.join()).not.toContain('token-0123');
  });

  it('ends with the checker, logs nothing then, and is not called afterwards', async () => {
    const peer = await startPeer(() => {});
    const stopping = new AbortController();
    const call = callHeartbeat(parts(), `${peer.origin}/ping`, stopping.signal);
    while (peer.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stopping.abort();
    await call;
    await callHeartbeat(parts(), `${peer.origin}/ping`, stopping.signal);
    expect({ logged, requests: peer.requests.length }).toEqual({ logged: [], requests: 1 });
    await peer.close();
  });
});
