import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttp, type Http } from '../../lib/alerts/channels/http.ts';
import { callHeartbeat } from '../../lib/alerts/heartbeat.ts';
import type { Log } from '../../lib/base/log.ts';
import { type ChannelServer, startChannelServer } from '../support/channel-server.ts';

let server: ChannelServer;
let http: Http;
let logged: string[];
const log: Log = {
  info: () => {},
  warn: (message, fields) => void logged.push(`${message} ${JSON.stringify(fields)}`),
  error: () => {},
};

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
  it('is one GET, and says nothing when it is heard', async () => {
    await callHeartbeat(http, `${server.url}/ping/token-0123456789`, log);
    expect(server.received).toMatchObject([{ method: 'GET', path: '/ping/token-0123456789' }]);
    expect(logged).toEqual([]);
  });

  it('is nobody’s where there is no address', async () => {
    await callHeartbeat(http, null, log);
    expect(server.received).toEqual([]);
  });

  it.each([
    ['is refused', { status: 404 }],
    ['is cut off', null],
  ])('that %s is logged, without its address, and fails nothing', async (_, answer) => {
    server.answerNext(answer);
    await callHeartbeat(http, `${server.url}/ping/token-0123456789`, log);
    expect(logged).toHaveLength(1);
    expect(logged.join()).not.toContain('token-0123');
  });
});
