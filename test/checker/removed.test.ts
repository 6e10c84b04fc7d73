/** A provider that stops being checked while it is down: its incident ends, and the channels are informed. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbox } from '../../lib/alerts/outbox/outbox.ts';
import { createReannounce } from '../../lib/alerts/reannounce.ts';
import { handleRecords } from '../../lib/alerts/stream.ts';
import { silentLog } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { ALERT_DEFAULTS, SEVERITIES } from '../../lib/health/alerting/alert-settings.ts';
import type { Transition } from '../../lib/health/transition.ts';
import { readIncidents } from '../../lib/history/incidents.ts';
import { alertItem } from '../../lib/store/items/alert-item.ts';
import type { Item } from '../../lib/store/items/kinds.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { createMemoryStore, type MemoryStore } from '../../lib/store/memory/store.ts';
import { type Store, StoreError } from '../../lib/store/store.ts';
import { minute } from '../support/builders.ts';
import { type ChannelServer, startChannelServer } from '../support/channel-server.ts';
import { FakeClock } from '../support/clock.ts';
import { bad, ScriptedProber } from '../support/scripted-prober.ts';

const ALPHA = { id: 'alpha', type: 'openai-compatible', model: 'm', baseUrl: 'https://alpha.example.com/v1' };
const BETA = { ...ALPHA, id: 'beta' };
/** One millisecond after the last check of minute 0. */
const END = new Date(Date.parse(minute(0)) + 1).toISOString();

let server: ChannelServer;
beforeEach(async () => {
  server = await startChannelServer();
});
afterEach(() => server.close());

function monitor() {
  const clock = new FakeClock();
  const store = createMemoryStore({ now: clock.now });
  const checkerOf = (providers: object[], on: Store = store) => {
    const channels = [{ type: 'webhook', url: `${server.url}/hook` }];
    const config = parseConfig({ providers, witnesses: [], alerts: { channels } }, { addressPolicy: 'loopback' });
    const prober = new ScriptedProber().script('alpha', bad('auth'));
    return new HealthChecker({ config, prober, store: on, clock, addressPolicy: 'loopback' });
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
  const nextTick = async (checker: HealthChecker) => {
    await clock.advance(60_000);
    return tick(checker);
  };
  return { clock, store, checkerOf, titles, untilSent, tick, nextTick, incidents: () => incidentsIn(store, clock) };
}

async function incidentsIn(store: MemoryStore, clock: FakeClock) {
  const range = { provider: null, fromMs: Date.parse(minute(-100_000)), toMs: clock.now().getTime() };
  return (await readIncidents(store.transitions, range)).incidents;
}

const ENDED = ['alpha needs action: auth', 'alpha is no longer checked'];

describe('a provider that stops being checked while it is down', () => {
  it('because its registration is removed: its incident and its alert end, and its status is gone', async () => {
    const { store, checkerOf, titles, untilSent, tick, incidents } = monitor();
    const checker = checkerOf([]);
    const seen: Transition[] = [];
    checker.on('transition', (transition) => seen.push(transition));
    await checker.registerProvider(ALPHA);
    await tick(checker);
    await untilSent(1);
    expect(await incidents()).toMatchObject([{ provider: 'alpha', closedAt: null, ending: null }]);
    expect(await checker.unregisterProvider('alpha')).toBe(true);
    expect(await incidents()).toMatchObject([{ provider: 'alpha', closedAt: END, ending: 'not_checked' }]);
    expect(await store.statuses.get('alpha')).toBeNull();
    await untilSent(2);
    await checker.stopHealthChecks();
    expect(titles()).toEqual(ENDED);
    expect(server.received[1]?.body).toMatchObject({
      text: expect.stringContaining('It was removed or disabled while it was down since 2026-03-01 10:00 UTC'),
      alerts: [{ phase: 'recovered', state: 'unknown', provider: 'alpha' }],
    });
    expect(await store.alerts.list()).toMatchObject([{ subject: 'alpha', open: null, unsent: [] }]);
    expect(seen.map(({ from, to }) => `${from} ${to}`)).toEqual(['unknown unhealthy', 'unhealthy unknown']);
  });

  it.each([
    ['it is not in the new providers.json', [BETA], null],
    ['the new providers.json disables it', [{ ...ALPHA, enabled: false }, BETA], 'unknown'],
  ])('because %s: the next tick ends them, once', async (_, providers, state) => {
    const { store, checkerOf, titles, untilSent, tick, nextTick, incidents } = monitor();
    const before = checkerOf([ALPHA, BETA]);
    await tick(before);
    await untilSent(1);
    await before.stopHealthChecks();
    const after = checkerOf(providers);
    await nextTick(after);
    await untilSent(2);
    await nextTick(after);
    await nextTick(after);
    await after.stopHealthChecks();
    expect(titles()).toEqual(ENDED);
    expect(await incidents()).toMatchObject([{ provider: 'alpha', closedAt: END, ending: 'not_checked' }]);
    expect((await store.statuses.get('alpha'))?.state ?? null).toBe(state);
  });

  it('because its registration says so: the call ends them', async () => {
    const { checkerOf, titles, untilSent, tick, incidents } = monitor();
    const checker = checkerOf([]);
    await checker.registerProvider(ALPHA);
    await tick(checker);
    await untilSent(1);
    expect(await checker.registerProvider({ ...ALPHA, enabled: false })).toMatchObject({ state: 'unknown' });
    await untilSent(2);
    await checker.stopHealthChecks();
    expect(titles()).toEqual(ENDED);
    expect(await incidents()).toMatchObject([{ closedAt: END }]);
  });

  it.each([
    ['registered', (checker: HealthChecker) => checker.unregisterProvider('alpha')],
    ['enabled', (checker: HealthChecker) => checker.registerProvider({ ...ALPHA, enabled: false })],
  ])('and is %s again and still fails: that is a new incident', async (_, end) => {
    const { store, checkerOf, nextTick, tick, untilSent, titles, incidents } = monitor();
    const checker = checkerOf([]);
    await checker.registerProvider(ALPHA);
    await tick(checker);
    await nextTick(checker);
    await end(checker);
    await checker.registerProvider(ALPHA);
    await nextTick(checker);
    await untilSent(3);
    await checker.stopHealthChecks();
    expect(titles()).toEqual([...ENDED, 'alpha needs action: auth']);
    expect(await incidents()).toMatchObject([{ closedAt: null, ordinal: 2 }, { ending: 'not_checked' }]);
    expect(await store.statuses.get('alpha')).toMatchObject({ consecutiveFailures: 1 });
  });

  it('and whose process died after it was removed: the next process ends them', async () => {
    const { store, checkerOf, titles, untilSent, tick, nextTick, incidents } = monitor();
    /** For a process that dies at a call of `statuses`, and can decide no alert afterwards. */
    const dying = (name: 'put' | 'delete'): Store => {
      const refuse = () => Promise.reject(new StoreError('unreachable', 'simulated'));
      return {
        ...store,
        statuses: { ...store.statuses, [name]: refuse },
        alerts: { ...store.alerts, put: refuse },
      };
    };
    const first = checkerOf([]);
    await first.registerProvider(ALPHA);
    await tick(first);
    await untilSent(1);
    for (const name of ['put', 'delete'] as const) {
      await expect(checkerOf([], dying(name)).unregisterProvider('alpha')).rejects.toThrow('simulated');
    }
    await first.stopHealthChecks();
    const second = checkerOf([]);
    await nextTick(second);
    await untilSent(2);
    await second.stopHealthChecks();
    expect(titles()).toEqual(ENDED);
    expect(await incidents()).toMatchObject([{ closedAt: END }]);
    expect(await store.statuses.get('alpha')).toBeNull();
  });

  it('and whose status an earlier release deleted: the first tick ends what is still open', async () => {
    const { clock, store, checkerOf, titles, untilSent, tick, nextTick, incidents } = monitor();
    const before = checkerOf([ALPHA]);
    await tick(before);
    await nextTick(before);
    await untilSent(1);
    await before.stopHealthChecks();
    await store.statuses.delete('alpha');
    await clock.advance(24 * 3_600_000);
    const after = checkerOf([BETA]);
    await nextTick(after);
    await untilSent(2);
    await nextTick(after);
    await after.stopHealthChecks();
    expect(titles()).toEqual(ENDED);
    const lastChecked = new Date(Date.parse(minute(1)) + 1).toISOString();
    expect(await incidents()).toMatchObject([{ provider: 'alpha', closedAt: lastChecked, ending: 'not_checked' }]);
  });

  it('counts neither as up nor as down after its last check', async () => {
    const { store, checkerOf, tick, nextTick } = monitor();
    const checker = checkerOf([]);
    await checker.registerProvider(ALPHA);
    await tick(checker);
    const page = () => store.checks.page('alpha', { from: minute(-1), to: minute(100), limit: 10 });
    const { items } = await page();
    await checker.unregisterProvider('alpha');
    await nextTick(checker);
    await checker.stopHealthChecks();
    expect((await page()).items).toEqual(items);
  });
});

describe('a deployed monitor, whose alerts function gets the stream', () => {
  /** The check function's part, and the stream that it writes. */
  function deployed() {
    const clock = new FakeClock();
    const inner = createMemoryStore({ now: clock.now });
    const stream: Item[] = [];
    const store: Store = {
      ...inner,
      statuses: {
        ...inner.statuses,
        async put(status, basedOn, notice) {
          const outcome = await inner.statuses.put(status, basedOn, notice);
          if (outcome === 'stored' && notice !== null) stream.push(statusItem(status, notice, 'w'));
          return outcome;
        },
      },
      alerts: {
        ...inner.alerts,
        async put(record, notice) {
          const outcome = await inner.alerts.put(record, notice);
          if (outcome === 'stored' && notice) stream.push(alertItem(record, 'w', clock.now(), notice));
          return outcome;
        },
      },
    };
    const sent: string[] = [];
    let isFailing = false;
    const channel = {
      settings: {
        id: 'people',
        type: 'webhook',
        url: 'https://p.example/',
        secret: null,
        tags: [],
        severities: SEVERITIES,
      },
      async send(message: { kind: string; alerts?: readonly { phase: string; state: string | null }[] }) {
        if (isFailing) return { outcome: 'failed', answer: 'HTTP 503', retryAfterMs: 60_000 } as const;
        for (const { phase, state } of message.alerts ?? []) sent.push(`${phase} ${state}`);
        return { outcome: 'delivered', answer: '' } as const;
      },
    } as const;
    const outbox = createOutbox({
      ...{ store: inner, channels: [channel], settings: ALERT_DEFAULTS, clock, log: silentLog, sendsAgain: true },
    });
    const alertsFunction = async () => {
      const images = stream.splice(0).map((image): Item => JSON.parse(JSON.stringify(image)));
      const records = images.map((image, index) => ({ sequenceNumber: String(index), image }));
      expect(await handleRecords(outbox, records, silentLog)).toEqual({ batchItemFailures: [] });
    };
    const checkFunction = (providers: object[]) =>
      new HealthChecker({
        config: parseConfig({ providers, witnesses: [] }, { addressPolicy: 'public' }),
        prober: new ScriptedProber().script('alpha', bad('auth')),
        ...{ store, clock, onNotices: async () => {} },
        compare: createReannounce({ store, log: silentLog, now: clock.now }),
      });
    const tick = async (checker: HealthChecker) => {
      await clock.advance(60_000);
      await checker.runTick(clock.now(), { owner: 'one', deadlineAt: null });
    };
    const fail = (how: boolean) => {
      isFailing = how;
    };
    return { clock, inner, sent, fail, alertsFunction, checkFunction, tick };
  }

  it('ends the alert of a removed provider with the last write of its status', async () => {
    const { clock, inner, sent, alertsFunction, checkFunction, tick } = deployed();
    await tick(checkFunction([ALPHA]));
    await alertsFunction();
    await tick(checkFunction([BETA]));
    expect(await inner.statuses.get('alpha')).toBeNull();
    await alertsFunction();
    expect(sent).toEqual(['opened unhealthy', 'recovered unknown']);
    expect(await incidentsIn(inner, clock)).toMatchObject([{ ending: 'not_checked' }]);
  });

  it('passes an alert that a channel did not take on again with each tick, until it is taken', async () => {
    const { inner, sent, fail, alertsFunction, checkFunction, tick } = deployed();
    const check = checkFunction([ALPHA]);
    fail(true);
    await tick(check);
    await alertsFunction();
    await tick(check);
    await alertsFunction();
    expect(sent).toEqual([]);
    fail(false);
    await tick(check);
    await alertsFunction();
    expect(sent).toEqual(['opened unhealthy']);
    expect(await inner.alerts.get('alpha')).toMatchObject({ unsent: [] });
  });

  it('ends an alert without a status through its record, which the stream passes on', async () => {
    const { inner, sent, alertsFunction, checkFunction, tick } = deployed();
    await tick(checkFunction([ALPHA]));
    await alertsFunction();
    await inner.statuses.delete('alpha');
    const after = checkFunction([BETA]);
    await tick(after);
    expect(sent).toEqual(['opened unhealthy']);
    await alertsFunction();
    expect(sent).toEqual(['opened unhealthy', 'recovered unknown']);
    await tick(after);
    await alertsFunction();
    expect(sent).toHaveLength(2);
  });
});
