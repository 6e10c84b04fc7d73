/** A provider that is removed while it is down: its incident ends, and the channels are informed. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { readIncidents } from '../../lib/history/incidents.ts';
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

function monitor() {
  const clock = new FakeClock();
  const store = createMemoryStore({ now: clock.now });
  const checkerOf = (providers: object[]) => {
    const input = { providers, witnesses: [], alerts: { channels: [{ type: 'webhook', url: `${server.url}/hook` }] } };
    const config = parseConfig(input, { addressPolicy: 'loopback' });
    const prober = new ScriptedProber().script('alpha', bad('auth'));
    return new HealthChecker({ config, prober, store, clock, addressPolicy: 'loopback' });
  };
  const titles = () => server.received.map(({ body }) => Object(body).title);
  const untilSent = async (count: number) => {
    await clock.advance(2000);
    const unsent = async () => (await store.alerts.list()).flatMap((record) => record.unsent);
    // Bounded, so that a message that never comes fails the test.
    for (let turn = 0; turn < 2000 && (server.received.length < count || (await unsent()).length > 0); turn++) {
      await clock.advance(0);
    }
  };
  const tick = (checker: HealthChecker) => checker.runTick(clock.now(), { owner: 'one', deadlineAt: null });
  const incidents = async () => {
    const range = { provider: null, fromMs: Date.parse(minute(-1)), toMs: clock.now().getTime() };
    return (await readIncidents(store.transitions, range)).incidents;
  };
  return { clock, store, checkerOf, titles, untilSent, tick, incidents };
}

describe('a provider that is removed while it is down', () => {
  it('when it was registered: its incident and its alert end, and its status is gone', async () => {
    const { clock, store, checkerOf, titles, untilSent, tick, incidents } = monitor();
    const checker = checkerOf([]);
    await checker.registerProvider(ALPHA);
    await tick(checker);
    await untilSent(1);
    expect(await incidents()).toMatchObject([{ provider: 'alpha', closedAt: null }]);
    await clock.advance(58_000);
    expect(await checker.unregisterProvider('alpha')).toBe(true);
    expect(await incidents()).toMatchObject([{ provider: 'alpha', closedAt: minute(1) }]);
    await untilSent(2);
    await checker.stopHealthChecks();
    expect(titles()).toEqual(['alpha needs action: auth', 'alpha is no longer monitored']);
    expect(server.received[1]?.body).toMatchObject({
      text: expect.stringContaining('It was removed from the monitor while it was down since 2026-03-01 10:00 UTC.'),
      alerts: [{ phase: 'recovered', state: 'unknown', provider: 'alpha' }],
    });
    expect(await store.alerts.list()).toMatchObject([{ subject: 'alpha', open: null, unsent: [] }]);
    expect(await store.statuses.get('alpha')).toBeNull();
  });

  it('when it was declared: the next tick of the new configuration ends them, once', async () => {
    const { clock, store, checkerOf, titles, untilSent, tick, incidents } = monitor();
    const before = checkerOf([ALPHA]);
    await tick(before);
    await untilSent(1);
    await before.stopHealthChecks();
    await clock.advance(58_000);
    const after = checkerOf([{ ...ALPHA, id: 'beta' }]);
    await tick(after);
    await untilSent(2);
    await clock.advance(60_000);
    await tick(after);
    await after.stopHealthChecks();
    expect(titles()).toEqual(['alpha needs action: auth', 'alpha is no longer monitored']);
    expect(await incidents()).toMatchObject([{ provider: 'alpha', closedAt: minute(1) }]);
    expect(await store.statuses.get('alpha')).toBeNull();
  });

  it('and registered again opens a new incident when it still fails', async () => {
    const { clock, checkerOf, tick, untilSent, titles, incidents } = monitor();
    const checker = checkerOf([]);
    await checker.registerProvider(ALPHA);
    await tick(checker);
    await clock.advance(60_000);
    await checker.unregisterProvider('alpha');
    await checker.registerProvider(ALPHA);
    await clock.advance(60_000);
    await tick(checker);
    await untilSent(3);
    await checker.stopHealthChecks();
    expect(titles()).toEqual(['alpha needs action: auth', 'alpha is no longer monitored', 'alpha needs action: auth']);
    expect(await incidents()).toMatchObject([{ closedAt: null }, { closedAt: minute(1) }]);
  });
});
