/**
 * A table stores statuses but refuses TRANSITION items, during several changes of state. Later each transition is
 * recorded with its reason, both by a process that records transitions itself and by the table's stream.
 */

import { describe, expect, it } from 'vitest';
import { createOutbox } from '../../lib/alerts/outbox/outbox.ts';
import { createReannounce } from '../../lib/alerts/reannounce.ts';
import { handleRecords } from '../../lib/alerts/stream.ts';
import { silentLog } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { ALERT_DEFAULTS } from '../../lib/health/alerting/alert-settings.ts';
import type { Transition } from '../../lib/health/transition.ts';
import type { Item } from '../../lib/store/items/kinds.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { type Store, StoreError } from '../../lib/store/store.ts';
import { minute } from '../support/builders.ts';
import { FakeClock } from '../support/clock.ts';
import { bad, good, ScriptedProber } from '../support/scripted-prober.ts';

const CONFIG = parseConfig(
  {
    providers: [
      { id: 'alpha', type: 'openai-compatible', model: 'm', baseUrl: 'https://a.example.com/v1', blacklistAfter: 100 },
    ],
    witnesses: [],
  },
  { addressPolicy: 'public' },
);

/** A table that can refuse TRANSITION items, and a provider that fails at every other check. */
function setting() {
  const clock = new FakeClock();
  const inner = createMemoryStore({ now: clock.now });
  const state = { denied: false };
  const happened: Transition[] = [];
  /** Images of the writes with a notice, in the form of the table's stream. */
  const stream: Item[] = [];
  const store: Store = {
    ...inner,
    transitions: {
      ...inner.transitions,
      async put(transition) {
        if (state.denied) throw new StoreError('denied', 'simulated: not authorized');
        return inner.transitions.put(transition);
      },
    },
    statuses: {
      ...inner.statuses,
      async put(status, basedOn, notice) {
        const outcome = await inner.statuses.put(status, basedOn, notice);
        if (outcome === 'stored' && notice === 'transition' && status.lastTransition)
          happened.push(status.lastTransition);
        if (outcome === 'stored' && notice !== null) stream.push(statusItem(status, notice, 'w'));
        return outcome;
      },
    },
  };
  let checks = 0;
  const prober = new ScriptedProber();
  const categories = ['auth', 'quota', 'model_not_found'] as const;
  const next: Parameters<ScriptedProber['script']>[1] = (target, signal) => {
    checks += 1;
    const failure = categories[(checks / 2) % categories.length];
    return (failure === undefined || checks % 2 === 1 ? good() : bad(failure))(target, signal);
  };
  prober.script('alpha', next);
  const tick = async (checker: HealthChecker, minutes: number) => {
    clock.set(minute(minutes));
    const running = checker.runTick(new Date(minute(minutes)), { owner: `tick ${minutes}`, deadlineAt: null });
    await clock.advance(1000);
    return running;
  };
  const recorded = async () => {
    const { items } = await inner.transitions.page('alpha', { from: minute(-1), to: minute(600), limit: 1000 });
    return items.reverse();
  };
  return { clock, store, inner, state, happened, stream, prober, tick, recorded };
}

describe('S1: transitions that the table did not take over several changes of state', () => {
  it('are recorded by the next tick of a process that records itself, with their reasons', async () => {
    const { clock, store, inner, state, happened, prober, tick, recorded } = setting();
    const checker = new HealthChecker({ config: CONFIG, store, prober, clock });
    await tick(checker, 0);
    state.denied = true;
    for (const minutes of [1, 2, 3, 4, 5]) await tick(checker, minutes);
    expect(await recorded()).toHaveLength(1);
    expect((await inner.statuses.get('alpha'))?.unrecordedTransitions).toHaveLength(4);
    state.denied = false;
    await tick(checker, 6);
    expect(happened).toHaveLength(7);
    expect(await recorded()).toEqual(happened);
    await tick(checker, 7);
    expect(await inner.statuses.get('alpha')).not.toHaveProperty('unrecordedTransitions');
    await checker.stopHealthChecks();
  });

  it('are recorded by the process after one that died', async () => {
    const { clock, store, inner, happened, prober, tick, recorded } = setting();
    const put = () => Promise.reject(new StoreError('denied', 'simulated: not authorized'));
    const denying = { ...store, transitions: { ...store.transitions, put } };
    const first = new HealthChecker({ config: CONFIG, store: denying, prober, clock });
    for (const minutes of [0, 1, 2, 3]) await tick(first, minutes);
    const second = new HealthChecker({ config: CONFIG, store: { ...store }, prober, clock });
    await tick(second, 3);
    expect(await recorded()).toEqual([]);
    await tick(second, 4);
    expect(await recorded()).toEqual(happened);
    expect(await inner.statuses.get('alpha')).not.toHaveProperty('unrecordedTransitions');
    await Promise.all([first.stopHealthChecks(), second.stopHealthChecks()]);
  });

  it('are recorded before the provider is removed', async () => {
    const { clock, store, prober, tick } = setting();
    const put = () => Promise.reject(new StoreError('denied', 'simulated: not authorized'));
    const denying = { ...store, transitions: { ...store.transitions, put } };
    const id = { id: 'beta', type: 'openai-compatible', model: 'm', baseUrl: 'https://b.example.com/v1' };
    const checker = new HealthChecker({ store: denying, prober, clock });
    prober.script('beta', good(), bad('auth'), good());
    await checker.registerProvider(id);
    for (const minutes of [0, 1, 2]) await tick(checker, minutes);
    const other = new HealthChecker({ store: { ...store }, prober, clock });
    await other.unregisterProvider('beta');
    const { items } = await store.transitions.page('beta', { from: minute(0), to: minute(9), limit: 9 });
    expect(items.map(({ to }) => to)).toEqual(['healthy', 'unhealthy', 'healthy']);
    await Promise.all([checker.stopHealthChecks(), other.stopHealthChecks()]);
  });

  it('are recorded after the stream gave up the notices, with the next notice that it delivers', async () => {
    const { clock, store, inner, state, happened, stream, prober, tick, recorded } = setting();
    const check = new HealthChecker({ config: CONFIG, store, prober, clock, onNotices: async () => {} });
    const outbox = () =>
      createOutbox({ store, channels: [], settings: ALERT_DEFAULTS, clock, log: silentLog, random: () => 0 });
    const records = () =>
      stream
        .splice(0)
        .map((image, index) => ({ sequenceNumber: String(index), image: JSON.parse(JSON.stringify(image)) }));
    await tick(check, 0);
    expect(await handleRecords(outbox(), records(), silentLog)).toEqual({ batchItemFailures: [] });
    state.denied = true;
    for (const minutes of [1, 2, 3]) await tick(check, minutes);
    expect((await handleRecords(outbox(), records(), silentLog)).batchItemFailures).toHaveLength(3);
    state.denied = false;
    await tick(check, 4);
    await handleRecords(outbox(), records(), silentLog);
    expect(happened).toHaveLength(5);
    expect(await recorded()).toEqual(happened);
    await tick(check, 5);
    // The earlier ones are already recorded, so the status has only the last one.
    expect((await inner.statuses.get('alpha'))?.unrecordedTransitions).toEqual([happened[4]]);
    await check.stopHealthChecks();
  });

  it('are announced again by a new check function, after the stream has given them up', async () => {
    const { clock, store, inner, happened, stream, prober, tick, recorded } = setting();
    const first = new HealthChecker({ config: CONFIG, store, prober, clock, onNotices: async () => {} });
    for (const minutes of [0, 1, 2]) await tick(first, minutes);
    // The newest is on record, the two before it are not.
    if (happened[2]) await inner.transitions.put(happened[2]);
    stream.length = 0;
    const status = await inner.statuses.get('alpha');
    for (const [minutes, announced] of [
      [60, 0],
      [70, 1],
    ] as const) {
      clock.set(minute(minutes));
      await createReannounce({ store, log: silentLog, now: clock.now })(status ? [status] : []);
      expect(stream).toHaveLength(announced);
    }
    const outbox = createOutbox({ store, channels: [], settings: ALERT_DEFAULTS, clock, log: silentLog });
    await handleRecords(outbox, [{ sequenceNumber: '1', image: stream[0] ?? null }], silentLog);
    expect(await recorded()).toEqual(happened);
    await first.stopHealthChecks();
  });

  it('above the number that a status has room for are named in the log, the oldest first', async () => {
    const { clock, store, inner, state, prober, tick } = setting();
    const lost: unknown[] = [];
    const error = (message: string, fields?: object) => {
      if (message.startsWith('transitions lost')) lost.push(fields);
    };
    const checker = new HealthChecker({ config: CONFIG, store, prober, clock, log: { ...silentLog, error } });
    state.denied = true;
    for (let minutes = 0; minutes < 14; minutes++) await tick(checker, minutes);
    expect((await inner.statuses.get('alpha'))?.unrecordedTransitions).toHaveLength(12);
    expect(lost).toEqual([{ transitions: [`${minute(0)}#alpha`] }]);
    await checker.stopHealthChecks();
  });
});
