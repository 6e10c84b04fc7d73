import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { minute } from '../support/builders.ts';
import { type ChannelServer, startChannelServer } from '../support/channel-server.ts';
import { FakeClock } from '../support/clock.ts';
import { bad, ScriptedProber } from '../support/scripted-prober.ts';

const ALPHA = { id: 'alpha', type: 'openai-compatible', model: 'm', baseUrl: 'https://alpha.example.com/v1' };

let server: ChannelServer;
beforeEach(async () => {
  server = await startChannelServer();
});
afterEach(() => server.close());

function checkerWith() {
  const clock = new FakeClock();
  const input = {
    providers: [ALPHA],
    witnesses: [],
    heartbeatUrl: `${server.url}/ping`,
    alerts: { channels: [{ type: 'webhook', url: `${server.url}/hook` }] },
  };
  const config = parseConfig(input, { addressPolicy: 'loopback' });
  const prober = new ScriptedProber();
  const store = createMemoryStore({ now: clock.now });
  return {
    clock,
    prober,
    store,
    checker: new HealthChecker({ config, prober, store, clock, addressPolicy: 'loopback' }),
    checkerOn: (shared: typeof store) =>
      new HealthChecker({ config, prober, store: shared, clock, addressPolicy: 'loopback' }),
  };
}

describe('HealthChecker with alerts', () => {
  it('alerts its channels, calls the heartbeat after each tick, and leaves nothing behind', async () => {
    const { checker, clock, prober, store } = checkerWith();
    prober.script('alpha', bad('auth'));
    await checker.runTick(clock.now(), { owner: 'one', deadlineAt: null });
    await clock.advance(2000);
    while (server.received.length < 2) await clock.advance(0);
    await checker.stopHealthChecks();
    expect(server.received.map(({ path }) => path).sort()).toEqual(['/hook', '/ping']);
    expect(server.received.find(({ path }) => path === '/hook')?.body).toMatchObject({
      title: 'alpha needs action: auth',
    });
    const { items } = await store.transitions.page(null, { from: minute(-1), to: minute(1), limit: 10 });
    expect(items).toHaveLength(1);
    expect(clock.sleeping).toBe(0);
  });

  it('calls heartbeatUrl once a tick for all shards, and not while one of them is silent', async () => {
    const [first, second] = [checkerWith(), checkerWith()];
    const store = first.store;
    const pings = () => server.received.filter(({ path }) => path === '/ping').length;
    const tick = async ({ checker, clock }: typeof first, minutes: number, index: number) => {
      clock.set(minute(minutes));
      const running = checker.runTick(clock.now(), {
        owner: `${minutes}`,
        deadlineAt: null,
        shard: { index, count: 2 },
      });
      await clock.advance(1500);
      await running;
    };
    const other = { ...second, checker: second.checkerOn(store) };
    const perMinute: number[] = [];
    // The second shard starts a minute late, stops after two more ticks, and starts again.
    for (const minutes of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
      const before = pings();
      await tick(first, minutes, 0);
      if (minutes < 3 || minutes > 6) await tick(other, minutes, 1);
      perMinute.push(pings() - before);
    }
    expect(perMinute).toEqual([0, 1, 1, 1, 1, 1, 0, 0, 1]);
    await first.checker.stopHealthChecks();
    await other.checker.stopHealthChecks();
  });

  it('warns at the start about each key of a channel that cannot be read, once, by the names of channel and variable', async () => {
    const warnings: unknown[] = [];
    const log = {
      ...silentLog,
      warn: (message: string, fields?: object) => void warnings.push({ message, ...fields }),
    };
    const channels = [
      { type: 'webhook', url: `${server.url}/hook`, secret: 'env:NOT_SET' },
      { type: 'slack', url: 'env:ALSO_NOT_SET' },
      { type: 'webhook', id: 'works', url: `${server.url}/hook`, secret: 'env:SET' },
      { type: 'pagerduty', routingKey: 'secret:not-looked-up' },
    ];
    const config = parseConfig({ providers: [], witnesses: [], alerts: { channels } }, { addressPolicy: 'loopback' });
    const keys = createKeyResolver({ env: { SET: 'a key' } });
    const { clock, prober } = checkerWith();
    const checker = new HealthChecker({ config, prober, clock, keys, log, addressPolicy: 'loopback' });
    checker.startHealthChecks();
    checker.startHealthChecks();
    await clock.advance(0);
    await checker.stopHealthChecks();
    const advice = 'Until then each of its messages is lost.';
    const missing = (name: string) => `env:${name}: the environment variable is not set. Set ${name}`;
    const message = 'alert channel cannot send';
    expect(warnings).toEqual([
      { message, channel: 'webhook', setting: 'secret', error: missing('NOT_SET'), advice },
      { message, channel: 'slack', setting: 'url', error: missing('ALSO_NOT_SET'), advice },
    ]);
  });

  it('sends a test on request', async () => {
    const { checker } = checkerWith();
    expect(await checker.testAlerts()).toEqual([
      { channel: 'webhook', type: 'webhook', outcome: 'delivered', answer: 'HTTP 200: ok' },
    ]);
    await checker.stopHealthChecks();
    expect(server.received[0]?.body).toMatchObject({ type: 'test', alerts: [] });
  });
});
