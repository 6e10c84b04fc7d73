/** Scenarios of checks that are put by groups: packed or not, they are read like single checks. */

import { describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../../lib/health/check.ts';
import { checkGroups } from '../../../lib/store/check-groups.ts';
import { at, failedCheck, goodCheck, minute, START } from '../../support/builders.ts';
import type { Scenario } from '../contract.ts';
import { CHECKS } from './samples.ts';

const DAY_MS = 86_400_000;
const ALL_TIME = { from: minute(-100_000), to: minute(100_000), limit: 1000 };
const IDS = Array.from({ length: 45 }, (_, i) => `p-${String(i).padStart(2, '0')}`);

function groupsOf(ids: readonly string[], model = 'test-model') {
  return checkGroups(ids.map((id) => ({ id, model, intervalSeconds: 60 })));
}

function tickOf(ids: readonly string[], timestamp: string, over: Partial<HealthCheck> = {}): HealthCheck[] {
  return ids.map((provider, i) =>
    i % 7 === 3
      ? failedCheck('timeout', { provider, timestamp, errorMessage: `no answer from ${provider} – ☃` })
      : ({
          ...goodCheck({ provider, timestamp, responseTimeMs: 100 + i, requestId: `req_${i}` }),
          ...over,
        } as HealthCheck),
  );
}

export function describePackedChecks(scenario: () => Scenario): void {
  describe('checks by groups', () => {
    it('each provider reads its own, whole and newest first, also from another instance', async () => {
      const { store, other } = scenario();
      const ticks = [0, 1, 2].map((i) => tickOf(IDS, minute(i)));
      for (const checks of ticks) expect(await store.checks.put(checks, groupsOf(IDS))).toEqual({ unstored: [] });
      for (const i of [0, 1, 19, 20, 44]) {
        const id = IDS[i] ?? '';
        const expected = ticks.map((checks) => checks[i]).reverse();
        expect(await other.checks.page(id, ALL_TIME)).toEqual({ items: expected, next: null });
      }
    });

    it('everything a check can hold comes back', async () => {
      const { store } = scenario();
      const checks = CHECKS.flatMap(([, check], i) =>
        IDS.slice(0, 3).map((provider) => ({ ...check, provider, timestamp: minute(i), trigger: 'schedule' as const })),
      );
      await store.checks.put(checks, groupsOf(IDS, checks[0]?.model));
      const { items } = await store.checks.page(IDS[1] ?? '', ALL_TIME);
      expect(items.reverse()).toEqual(checks.filter(({ provider }) => provider === IDS[1]));
    });

    it.each([1, 7, 20, 21])('pages of %i show every check once, over days and other members', async (limit) => {
      const { store, clock } = scenario();
      clock.set(at(3 * DAY_MS));
      const times = Array.from({ length: 30 }, (_, i) => at(i * 2 * 3_600_000));
      for (const [i, timestamp] of times.entries()) {
        // Now and then members come and go, a check is put once more or alone, and one is missing.
        const ids = i % 10 < 5 ? IDS : IDS.slice(0, 30);
        const checks = tickOf(ids, timestamp).filter(({ provider }) => i % 6 !== 5 || provider !== 'p-04');
        await store.checks.put(checks, i % 8 === 3 ? undefined : groupsOf(ids));
        if (i % 4 === 0) await store.checks.put(checks.slice(2, 9), groupsOf(ids));
      }
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await store.checks.page('p-04', { ...ALL_TIME, limit, ...(cursor && { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items.map(({ timestamp }) => timestamp));
        cursor = page.next;
      } while (cursor !== null);
      expect(seen).toEqual(times.filter((_, i) => i % 6 !== 5).reverse());
    });

    it('a range has both its ends in it', async () => {
      const { store } = scenario();
      for (let i = 0; i < 6; i++) await store.checks.put(tickOf(IDS, minute(i)), groupsOf(IDS));
      const { items } = await store.checks.page('p-00', { from: minute(1), to: minute(4), limit: 100 });
      expect(items.map(({ timestamp }) => timestamp)).toEqual([4, 3, 2, 1].map(minute));
    });

    it('a later pack of only some of a group removes nothing', async () => {
      const { store, other } = scenario();
      const checks = tickOf(IDS, START);
      await store.checks.put(checks.slice(0, 10), groupsOf(IDS));
      await other.checks.put(checks.slice(5, 15), groupsOf(IDS));
      for (const i of [0, 4, 5, 9, 10, 14]) {
        expect((await store.checks.page(IDS[i] ?? '', ALL_TIME)).items).toEqual([checks[i]]);
      }
      expect((await store.checks.page('p-15', ALL_TIME)).items).toEqual([]);
    });

    it('manual checks, and checks of another model or of providers in no group, are kept too', async () => {
      const { store } = scenario();
      const byHand = tickOf(IDS.slice(0, 5), minute(1), { trigger: 'manual' });
      const otherModel = tickOf(IDS.slice(0, 5), minute(2), { model: 'newer-model' });
      const unknown = tickOf(['stranger', 'stranger-2'], minute(3));
      await store.checks.put([...byHand, ...otherModel, ...unknown], groupsOf(IDS));
      expect((await store.checks.page('p-01', ALL_TIME)).items).toEqual([otherModel[1], byHand[1]]);
      expect((await store.checks.page('stranger', ALL_TIME)).items).toEqual([unknown[0]]);
    });

    it('they are gone after 7 days', async () => {
      const { store, clock } = scenario();
      for (const timestamp of [START, at(DAY_MS)]) await store.checks.put(tickOf(IDS, timestamp), groupsOf(IDS));
      clock.set(at(7 * DAY_MS));
      const { items } = await store.checks.page('p-00', ALL_TIME);
      expect(items.map(({ timestamp }) => timestamp)).toEqual([at(DAY_MS)]);
    });
  });
}
