import { describe, expect, it } from 'vitest';
import { createTransitionLog } from '../../lib/alerts/transition-log.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import type { Store } from '../../lib/store/store.ts';
import { failedCheck, goodCheck, minute, provider, statusAfter } from '../support/builders.ts';
import { FakeClock } from '../support/clock.ts';

/**
 * Statuses of a provider after each of its checks, one a minute: every second one fails. No status has unrecorded
 * transitions.
 */
function statusesOf(id: string, count: number) {
  const checks: HealthCheck[] = Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? goodCheck({ timestamp: minute(index) }) : failedCheck('auth', { timestamp: minute(index) }),
  );
  return checks.map((_, index) => statusAfter(checks.slice(0, index + 1), provider({ id })));
}

function logOf() {
  const store = createMemoryStore({ now: new FakeClock().now });
  const calls: string[] = [];
  const transitions: Store['transitions'] = {
    async put(transition) {
      calls.push(`put ${transition.id}`);
      return store.transitions.put(transition);
    },
    async page(...request) {
      calls.push('page');
      return store.transitions.page(...request);
    },
  };
  const recorded = async (id: string | null = null) => {
    const { items } = await store.transitions.page(id, { from: minute(-1), to: minute(60), limit: 1000 });
    return items.reverse().map(({ provider: of, from, to, at }) => `${of} ${from} ${to} ${at}`);
  };
  return { store, calls, recorded, log: createTransitionLog({ transitions }) };
}

describe('the log of transitions', () => {
  it('has each once, and does not look up what it knows', async () => {
    const { log, calls, recorded } = logOf();
    const [first, second] = statusesOf('a', 2);
    if (!first || !second) throw new Error('expected two');
    await log.record(first);
    await log.record(second);
    const { length } = calls;
    await log.record(second);
    await log.compare([second]);
    expect(calls).toHaveLength(length);
    expect(await recorded()).toHaveLength(2);
  });

  it.each(['record', 'compare'] as const)(
    'S1: writes the transitions of a status, by %s, the oldest first',
    async (how) => {
      const { log, calls, recorded } = logOf();
      const [first, second, third] = statusesOf('a', 3);
      if (!first?.lastTransition || !second?.lastTransition || !third) throw new Error('expected three');
      const carrying = { ...third, unrecordedTransitions: [first.lastTransition, second.lastTransition] };
      await (how === 'record' ? log.record(carrying) : log.compare([carrying]));
      expect(calls.filter((call) => call.startsWith('put'))).toEqual(
        [0, 1, 2].map((index) => `put ${minute(index)}#a`),
      );
      expect(await recorded()).toEqual([
        `a unknown healthy ${minute(0)}`,
        `a healthy unhealthy ${minute(1)}`,
        `a unhealthy healthy ${minute(2)}`,
      ]);
      for (const one of [first.lastTransition, second.lastTransition]) expect(log.has(one)).toBe(true);
    },
  );

  it('finds the transitions of statuses that another process recorded, and writes nothing', async () => {
    const { log, store, calls } = logOf();
    const [first, second, third] = statusesOf('a', 3);
    if (!first?.lastTransition || !second?.lastTransition || !third) throw new Error('expected three');
    await store.transitions.put(first.lastTransition);
    const carrying = { ...third, unrecordedTransitions: [first.lastTransition, second.lastTransition] };
    await log.find([carrying, ...statusesOf('b', 2)]);
    expect(calls).toEqual(['page', 'page']);
    expect([first, second].map(({ lastTransition }) => lastTransition && log.has(lastTransition))).toEqual([
      true,
      false,
    ]);
    await log.find([carrying]);
    expect(calls).toHaveLength(3);
  });

  it('looks up those of one tick together', async () => {
    const { log, store, calls } = logOf();
    const statuses = Array.from({ length: 30 }, (_, index) => statusesOf(`p${index}`, 2)).flatMap(([first, second]) => {
      if (!first?.lastTransition || !second) throw new Error('expected two');
      return [{ ...second, unrecordedTransitions: [first.lastTransition] }];
    });
    const carried = statuses.flatMap(({ unrecordedTransitions }) => unrecordedTransitions);
    for (const transition of carried) await store.transitions.put(transition);
    await log.find(statuses);
    expect(calls).toEqual(['page']);
    expect(carried.filter((transition) => !log.has(transition))).toEqual([]);
  });

  it('finds nothing in a table that does not answer, and goes on', async () => {
    const { store } = logOf();
    const page = () => Promise.reject(new Error('simulated: no table'));
    const log = createTransitionLog({ transitions: { ...store.transitions, page } });
    const [first, second] = statusesOf('a', 2);
    if (!first?.lastTransition || !second) throw new Error('expected two');
    await log.find([{ ...second, unrecordedTransitions: [first.lastTransition] }]);
    expect(log.has(first.lastTransition)).toBe(false);
  });

  it('remembers as many of a provider as a status can have, and no more', async () => {
    const { log } = logOf();
    const statuses = statusesOf('a', 60);
    for (const status of statuses) await log.record(status);
    const known = statuses.filter(({ lastTransition }) => lastTransition && log.has(lastTransition));
    expect(known).toEqual(statuses.slice(-50));
  });

  it('compares many statuses in one read, and writes what is missing', async () => {
    const { log, store, calls, recorded } = logOf();
    const statuses = ['a', 'b', 'c', 'd'].map((id) => statusesOf(id, 1)[0]).flatMap((status) => status ?? []);
    for (const { lastTransition, provider: id } of statuses) {
      if (lastTransition && id !== 'c') await store.transitions.put(lastTransition);
    }
    expect(await log.compare(statuses)).toEqual([]);
    expect(calls).toEqual(['page', `put ${minute(0)}#c`]);
    expect(await recorded('c')).toHaveLength(1);
  });

  it('takes nothing for recorded that the table did not store', async () => {
    const { store, recorded } = logOf();
    let isDown = true;
    const put: Store['transitions']['put'] = async (transition) => {
      if (isDown) throw new Error('simulated: no table');
      return store.transitions.put(transition);
    };
    const log = createTransitionLog({ transitions: { ...store.transitions, put } });
    const [status] = statusesOf('a', 1);
    if (!status) throw new Error('expected one');
    await expect(log.record(status)).rejects.toThrow('no table');
    expect(await log.compare([status])).toHaveLength(1);
    isDown = false;
    expect(await log.compare([status])).toEqual([]);
    expect(await recorded()).toHaveLength(1);
  });
});
