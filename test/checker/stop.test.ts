import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HealthChecker } from '../../lib/checker/checker.ts';
import type { HealthCheckerOptions } from '../../lib/checker/options.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { createSsmReader } from '../../lib/keys/ssm.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { minute } from '../support/builders.ts';
import { type ChannelServer, startChannelServer } from '../support/channel-server.ts';
import { FakeClock } from '../support/clock.ts';
import { bad, hanging, ScriptedProber } from '../support/scripted-prober.ts';
import { type Behaviour, type Peer, startPeer } from '../support/servers/peer.ts';
import { STUBBORN } from '../support/servers/stubborn.ts';

const HOUR_MS = 3_600_000;

let peers: Peer[];
let webhook: ChannelServer;
beforeEach(async () => {
  peers = [];
  webhook = await startChannelServer();
});
afterEach(async () => {
  await Promise.all([webhook.close(), ...peers.map((peer) => peer.close())]);
});

async function peerOf(behave: Behaviour): Promise<Peer> {
  const peer = await startPeer(behave);
  peers.push(peer);
  return peer;
}

/** A checker of one provider whose key is refused. */
function checkerWith(settings: { url: string; heartbeatUrl?: string }, options: HealthCheckerOptions = {}) {
  const clock = new FakeClock();
  const { url, heartbeatUrl } = settings;
  const input = {
    providers: [{ id: 'alpha', type: 'openai-compatible', model: 'm', baseUrl: 'http://127.0.0.1:1/v1' }],
    witnesses: [],
    heartbeatUrl,
    alerts: { channels: [{ type: 'webhook', url }] },
  };
  const config = parseConfig(input, { addressPolicy: 'loopback' });
  const store = options.store ?? createMemoryStore({ now: clock.now });
  const prober = new ScriptedProber().script('alpha', bad('auth'));
  const parts = { config, store, prober, clock, addressPolicy: 'loopback' as const };
  return { clock, store, prober, checker: new HealthChecker({ ...parts, ...options }) };
}

const tickAt = (checker: HealthChecker, minutes: number) =>
  checker.runTick(new Date(minute(minutes)), { owner: `${minutes}`, deadlineAt: null });

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function untilAsked(...asked: Peer[]): Promise<void> {
  while (asked.some(({ requests }) => requests.length === 0)) await turn();
}

/** A socket that was opened before may still be on its way. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await turn();
}

describe('stopHealthChecks', () => {
  it.each(Object.entries(STUBBORN))(
    'resolves while a channel %s, calls nothing afterwards, and what was not sent is sent by the next process',
    async (_, behave) => {
      const peer = await peerOf(behave);
      const { checker, clock, store } = checkerWith({ url: `${peer.origin}/hook` });
      await tickAt(checker, 0);
      await clock.advance(2000);
      await untilAsked(peer);
      await checker.stopHealthChecks();
      const { connections } = peer;
      await clock.advance(HOUR_MS / 2);
      await settled();
      expect({ connections: peer.connections, sleeping: clock.sleeping }).toEqual({ connections, sleeping: 0 });
      await peer.idle();

      const next = checkerWith({ url: `${webhook.url}/hook` }, { store });
      await tickAt(next.checker, 1);
      while (webhook.received.length === 0) await turn();
      await next.checker.stopHealthChecks();
      expect(webhook.received.map(({ body }) => body.title)).toEqual(['alpha needs action: auth']);
    },
  );

  it('resolves while a channel waits to try again, and calls nothing afterwards', async () => {
    const peer = await peerOf((socket) => STUBBORN['answers 503']?.(socket, ''));
    const { checker, clock } = checkerWith({ url: `${peer.origin}/hook` });
    await tickAt(checker, 0);
    // Past the time of a channel, into the pause before everything is tried again.
    for (let seconds = 0; seconds < 40; ) {
      // Nothing sleeps while an answer is on its way.
      if (clock.sleeping === 0) await turn();
      else {
        await clock.advance(1000);
        seconds += 1;
      }
    }
    while (clock.sleeping === 0) await turn();
    await checker.stopHealthChecks();
    const { length } = peer.requests;
    expect(length).toBeGreaterThan(2);
    await clock.advance(HOUR_MS / 2);
    await settled();
    expect({ requests: peer.requests.length, sleeping: clock.sleeping }).toEqual({ requests: length, sleeping: 0 });
  });

  it('ends a heartbeat, a test of the channels and a manual check under way', async () => {
    const [ping, hook] = await Promise.all([peerOf(() => {}), peerOf(() => {})]);
    const { checker, prober, clock } = checkerWith({ url: `${hook.origin}/hook`, heartbeatUrl: `${ping.origin}/ping` });
    const tick = tickAt(checker, 0);
    await untilAsked(ping);
    prober.script('alpha', hanging());
    clock.set(minute(1));
    const test = checker.testAlerts();
    const check = checker.manualHealthCheck('alpha').catch((cause: Error) => cause.message);
    await untilAsked(hook);
    while (prober.probed.length < 2) await turn();
    await checker.stopHealthChecks();
    expect(await test).toMatchObject([{ outcome: 'failed' }]);
    expect(await check).toContain('expected a result');
    await tick;
    await Promise.all([ping.idle(), hook.idle()]);
    expect(clock.sleeping).toBe(0);
  });

  it('waits for what is asked for while it stops, and lets it call nothing', async () => {
    const { checker, prober } = checkerWith({ url: `${webhook.url}/hook` });
    const stop = checker.stopHealthChecks();
    const check = checker.manualHealthCheck('alpha').catch((cause: Error) => cause.message);
    const test = checker.testAlerts();
    await stop;
    expect(await test).toMatchObject([{ outcome: 'failed' }]);
    await check;
    expect(prober.closed).toBe(true);
    expect(webhook.received).toEqual([]);
  });

  it('ends while the look-up of a key for a channel hangs, and the look-up ends with the keys', async () => {
    const ssm = await peerOf(() => {});
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const keys = createKeyResolver({
      ssm: createSsmReader({ endpoint: ssm.origin, region: 'eu-central-1', credentials }),
    });
    const { checker, clock } = checkerWith({ url: 'ssm:/hook' }, { keys });
    await tickAt(checker, 0);
    await clock.advance(2000);
    await untilAsked(ssm);
    await checker.stopHealthChecks();
    keys.close();
    await expect(keys.resolve('ssm:/hook')).rejects.toThrow('AbortError');
    await ssm.idle();
    expect({ connections: ssm.connections, sleeping: clock.sleeping }).toEqual({ connections: 1, sleeping: 0 });
  });
});
