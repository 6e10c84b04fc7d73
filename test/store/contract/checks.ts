/** Scenarios of recorded checks: callers may put a check more than once, and read them newest first. */

import { describe, expect, it } from 'vitest';
import { at, failedCheck, goodCheck, minute, START } from '../../support/builders.ts';
import type { Scenario } from '../contract.ts';
import { CHECKS } from './samples.ts';

const DAY_MS = 86_400_000;
const ALL_TIME = { from: minute(-100_000), to: minute(100_000), limit: 1000 };

const minutes = (count: number) => Array.from({ length: count }, (_, index) => minute(index));
const checksAt = (times: readonly string[]) => times.map((timestamp) => goodCheck({ timestamp }));

export function describeChecks(scenario: () => Scenario): void {
  describe('checks', () => {
    it('has none at first', async () => {
      expect(await scenario().store.checks.page('alpha', ALL_TIME)).toEqual({ items: [], next: null });
    });

    it.each(CHECKS)('gives back %s as it was put', async (_, check) => {
      const { store } = scenario();
      expect(await store.checks.put([check])).toEqual({ unstored: [] });
      expect(await store.checks.page('alpha', ALL_TIME)).toEqual({ items: [check], next: null });
    });

    it('stores as many as there are, newest first, each provider’s by itself', async () => {
      const { store } = scenario();
      const checks = [...checksAt(minutes(130)), goodCheck({ provider: 'alpha-2' }), goodCheck({ provider: 'alph' })];
      expect(await store.checks.put(checks)).toEqual({ unstored: [] });
      const { items } = await store.checks.page('alpha', ALL_TIME);
      expect(items.map((check) => check.timestamp)).toEqual(minutes(130).reverse());
    });

    it('stores nothing when there is nothing to store', async () => {
      expect(await scenario().store.checks.put([])).toEqual({ unstored: [] });
    });

    it('T4: stores a check that comes twice once, in one call and in two', async () => {
      const { store, other } = scenario();
      const check = goodCheck();
      await store.checks.put([check, check]);
      await other.checks.put([check]);
      expect((await store.checks.page('alpha', ALL_TIME)).items).toEqual([check]);
    });

    it('has the last of two different checks of one time', async () => {
      const { store } = scenario();
      await store.checks.put([goodCheck(), failedCheck('tls')]);
      expect((await store.checks.page('alpha', ALL_TIME)).items).toEqual([failedCheck('tls')]);
    });

    it.each([
      ['both ends included', minute(2), minute(4), [4, 3, 2]],
      ['ends between checks', at(1.5 * 60_000), at(4.5 * 60_000), [4, 3, 2]],
      ['ends without milliseconds', '2026-03-01T10:02:00Z', '2026-03-01T10:04:00Z', [4, 3, 2]],
      ['one moment', minute(3), minute(3), [3]],
      ['all of it and more', minute(-1), minute(99), [5, 4, 3, 2, 1, 0]],
      ['nothing after the last', minute(6), minute(7), []],
      ['nothing before the first', minute(-7), minute(-6), []],
      ['nothing when the end is before the start', minute(4), minute(2), []],
    ])('gives those of a time range: %s', async (_, from, to, expected) => {
      const { store } = scenario();
      await store.checks.put(checksAt(minutes(6)));
      const { items } = await store.checks.page('alpha', { from, to, limit: 100 });
      expect(items.map((check) => check.timestamp)).toEqual(expected.map(minute));
    });

    it.each([
      [1, 7],
      [2, 7],
      [6, 7],
      [7, 7],
      [8, 7],
      [10, 30],
    ])('gives each once over pages of %i, when there are %i', async (limit, count) => {
      const { store } = scenario();
      await store.checks.put(checksAt(minutes(count)));
      const seen: string[] = [];
      const sizes: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.checks.page('alpha', { ...ALL_TIME, limit, ...(cursor && { cursor }) });
        seen.push(...page.items.map((check) => check.timestamp));
        sizes.push(page.items.length);
        cursor = page.next ?? undefined;
      } while (cursor);
      expect(seen).toEqual(minutes(count).reverse());
      expect(sizes).toHaveLength(Math.ceil(count / limit));
    });

    it('continues at the same place when newer checks came between two pages', async () => {
      const { store } = scenario();
      await store.checks.put(checksAt(minutes(4)));
      const first = await store.checks.page('alpha', { ...ALL_TIME, limit: 2 });
      await store.checks.put(checksAt([minute(4), minute(5)]));
      const second = await store.checks.page('alpha', { ...ALL_TIME, limit: 2, cursor: first.next ?? '' });
      expect(second.items.map((check) => check.timestamp)).toEqual([minute(1), minute(0)]);
      expect(second.next).toBeNull();
    });

    it('S6: shows a check for 7 days and not a second longer', async () => {
      const { store, clock } = scenario();
      await store.checks.put(checksAt([START, at(DAY_MS)]));
      clock.set(at(7 * DAY_MS - 1000));
      expect((await store.checks.page('alpha', ALL_TIME)).items).toHaveLength(2);
      clock.set(at(7 * DAY_MS));
      const { items } = await store.checks.page('alpha', ALL_TIME);
      expect(items.map((check) => check.timestamp)).toEqual([at(DAY_MS)]);
    });

    it('S5: cuts long texts of a provider, never within a character', async () => {
      const { store } = scenario();
      await store.checks.put([
        goodCheck({ warning: '🦜'.repeat(300), requestId: '🦜'.repeat(128) }),
        failedCheck('invalid_response', { timestamp: minute(1), errorMessage: '語'.repeat(301) }),
      ]);
      const [failed, good] = (await store.checks.page('alpha', ALL_TIME)).items;
      expect(failed?.errorMessage).toBe('語'.repeat(300));
      expect(good?.warning).toBe('🦜'.repeat(75));
      expect(good?.requestId).toBe('🦜'.repeat(32));
    });
  });
}
