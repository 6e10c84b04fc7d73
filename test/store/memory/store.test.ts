import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../../lib/store/memory/store.ts';
import type { Store } from '../../../lib/store/store.ts';
import { goodCheck, minute } from '../../support/builders.ts';
import { FakeClock } from '../../support/clock.ts';
import { describeStore } from '../contract.ts';

describeStore('in memory', async () => {
  let store: Store | null = null;
  return {
    async empty() {
      store = null;
    },
    // No other process can use this memory: the "other instance" of a scenario is the same one.
    open(now) {
      store ??= createMemoryStore({ now });
      return store;
    },
    async close() {},
  };
});

const ALL_TIME = { from: minute(0), to: minute(100_000), limit: 1000 };
const DAY_MS = 86_400_000;

describe('the store in memory', () => {
  it('keeps the newest checks of each provider up to its limit', async () => {
    const store = createMemoryStore({ now: new FakeClock().now, checksPerProvider: 3 });
    await store.checks.put([4, 2, 0, 1, 3].map((minutes) => goodCheck({ timestamp: minute(minutes) })));
    await store.checks.put([goodCheck({ provider: 'beta' })]);

    const { items } = await store.checks.page('alpha', ALL_TIME);
    expect(items.map((check) => check.timestamp)).toEqual([minute(4), minute(3), minute(2)]);
    expect((await store.checks.page('beta', ALL_TIME)).items).toHaveLength(1);
  });

  it('removes expired checks also when nothing is written any more', async () => {
    const clock = new FakeClock();
    const store = createMemoryStore({ now: clock.now });
    await store.checks.put([goodCheck({ provider: 'gone' })]);
    await clock.advance(8 * DAY_MS);
    await store.checks.put([goodCheck({ provider: 'alive', timestamp: clock.now().toISOString() })]);

    // Had it only been hidden, it would show again to a clock that was set back.
    clock.set(minute(1));
    expect((await store.checks.page('gone', ALL_TIME)).items).toEqual([]);
  });
});
