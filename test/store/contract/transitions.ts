/** Scenarios of recorded transitions. */

import { describe, expect, it } from 'vitest';
import { transitionOf } from '../../../lib/health/transition.ts';
import { at, failedCheck, goodCheck, minute, START } from '../../support/builders.ts';
import type { Scenario } from '../contract.ts';

const DAY_MS = 86_400_000;
const ALL_TIME = { from: minute(-100_000), to: minute(1_000_000), limit: 1000 };

const down = (provider: string, time: string) =>
  transitionOf(failedCheck('timeout', { provider, timestamp: time }), 'healthy', 'unhealthy', START);
const up = (provider: string, time: string) =>
  transitionOf(goodCheck({ provider, timestamp: time }), 'unhealthy', 'healthy', START);

export function describeTransitions(scenario: () => Scenario): void {
  describe('transitions', () => {
    it('says of the first put that it is new, and of no other', async () => {
      const { store, other } = scenario();
      expect(await store.transitions.put(down('alpha', minute(1)))).toBe(true);
      expect(await store.transitions.put(down('alpha', minute(1)))).toBe(false);
      expect(await other.transitions.put(down('alpha', minute(1)))).toBe(false);
      expect((await store.transitions.page(null, ALL_TIME)).items).toEqual([down('alpha', minute(1))]);
    });

    it('says so to one of many that put it at the same time', async () => {
      const { store, other } = scenario();
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? store : other).transitions.put(down('alpha', minute(1))),
        ),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
    });

    it('gives back good and bad ones as they were put, of all providers or of one, newest first', async () => {
      const { store } = scenario();
      const all = [up('beta', minute(4)), up('alpha', minute(3)), down('beta', minute(3)), down('alpha', minute(1))];
      for (const transition of all) await store.transitions.put(transition);
      expect(new Set((await store.transitions.page(null, ALL_TIME)).items)).toEqual(new Set(all));
      expect((await store.transitions.page(null, ALL_TIME)).items.map(({ id }) => id)).toEqual(
        all
          .map(({ id }) => id)
          .sort()
          .reverse(),
      );
      const { items } = await store.transitions.page('alpha', ALL_TIME);
      expect(items).toEqual([up('alpha', minute(3)), down('alpha', minute(1))]);
    });

    it('includes both ends of a time range', async () => {
      const { store } = scenario();
      for (const minutes of [1, 2, 3, 4]) await store.transitions.put(down('alpha', minute(minutes)));
      const { items } = await store.transitions.page(null, { from: minute(2), to: minute(3), limit: 10 });
      expect(items.map((transition) => transition.at)).toEqual([minute(3), minute(2)]);
    });

    it.each([
      ['of all', null, 40],
      ['of one among many', 'rare', 4],
    ])('gives each once over pages: %s', async (_, provider, count) => {
      const { store } = scenario();
      for (let index = 0; index < 40; index++) {
        await store.transitions.put(down(index % 10 === 5 ? 'rare' : 'often', minute(index)));
      }
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.transitions.page(provider, { ...ALL_TIME, limit: 3, ...(cursor && { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(3);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.next ?? undefined;
      } while (cursor);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength(count);
    });

    it('S6: shows a transition for 400 days, and then it may be put as new', async () => {
      const { store, clock } = scenario();
      await store.transitions.put(down('alpha', START));
      clock.set(at(400 * DAY_MS - 1000));
      expect((await store.transitions.page(null, ALL_TIME)).items).toHaveLength(1);
      clock.set(at(400 * DAY_MS));
      expect((await store.transitions.page(null, ALL_TIME)).items).toEqual([]);
      expect(await store.transitions.put(down('alpha', START))).toBe(true);
    });
  });
}
