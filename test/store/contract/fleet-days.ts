/** Scenarios of the days of whole shards. */

import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../lib/base/time.ts';
import { type DayCounts, dayAfter } from '../../../lib/health/uptime/day-counts.ts';
import type { WholeDays } from '../../../lib/health/uptime/past-days.ts';
import type { Scenario } from '../contract.ts';

const LAST_DAY = '2026-02-28';

const good = (day: string, checks = 1440): DayCounts => ({ day, checks, outages: 0, failures: {} });

function daysOf(provider: string, days: readonly DayCounts[], through = LAST_DAY): WholeDays {
  return { provider, through, days };
}

export function describeFleetDays(scenario: () => Scenario): void {
  describe('days of the fleet', () => {
    it('gives back what was put, with gaps, failures and providers that were never checked', async () => {
      const { store, other } = scenario();
      const alpha = daysOf('alpha', [
        good('2026-02-20', 7),
        { day: '2026-02-21', checks: 1440, outages: 3, failures: { timeout: 1, server_error: 2, auth: 40 } },
        good('2026-02-27'),
      ]);
      await store.fleetDays.put('0', [alpha, daysOf('beta', [])]);
      const all = await other.fleetDays.list();
      expect([...all]).toEqual([
        ['alpha', alpha],
        ['beta', daysOf('beta', [])],
      ]);
    });

    it('replaces what the shard had, and nothing of other shards', async () => {
      const { store } = scenario();
      await store.fleetDays.put('0', [daysOf('alpha', [good(LAST_DAY)]), daysOf('beta', [])]);
      await store.fleetDays.put('1', [daysOf('gamma', [])]);
      await store.fleetDays.put('0', [daysOf('beta', [])]);
      expect([...(await store.fleetDays.list()).keys()].sort()).toEqual(['beta', 'gamma']);
      await store.fleetDays.put('1', []);
      expect([...(await store.fleetDays.list()).keys()]).toEqual(['beta']);
    });

    it('gives the newest where a provider has moved to another shard', async () => {
      const { store } = scenario();
      const [older, newer] = [daysOf('alpha', [], '2026-02-26'), daysOf('alpha', [good(LAST_DAY)])];
      for (const [first, second] of [
        [older, newer],
        [newer, older],
      ]) {
        if (first && second) {
          await store.fleetDays.put('0', [first]);
          await store.fleetDays.put('7', [second]);
        }
        expect((await store.fleetDays.list()).get('alpha')).toEqual(newer);
      }
    });

    it('leaves out days that are not over, which a clock that was ahead put in', async () => {
      const { store } = scenario();
      const ahead = ['2026-02-27', LAST_DAY, '2026-03-01', '2026-03-02'].map((day) => good(day));
      await store.fleetDays.put('0', [daysOf('alpha', ahead, '2026-03-02')]);
      expect((await store.fleetDays.list()).get('alpha')).toEqual(daysOf('alpha', ahead.slice(0, 2)));
    });

    it('keeps them 90 days', async () => {
      const { store, clock } = scenario();
      await store.fleetDays.put('0', [daysOf('alpha', [good(LAST_DAY)])]);
      clock.set(new Date(Date.parse(LAST_DAY) + 90 * DAY_MS - 1000).toISOString());
      expect((await store.fleetDays.list()).size).toBe(1);
      await clock.advance(1000);
      expect((await store.fleetDays.list()).size).toBe(0);
    });

    it('keeps those of a fleet that is too large for one item', async () => {
      const { store } = scenario();
      const fleet = Array.from({ length: 1500 }, (_, i) => {
        const days = Array.from({ length: 89 }, (_, k) => good(dayAfter(LAST_DAY, k - 88), 1400 + ((i * 7 + k) % 41)));
        return daysOf(`provider-${i}`, days);
      });
      await store.fleetDays.put('0', fleet);
      const all = await store.fleetDays.list();
      expect(all.size).toBe(1500);
      expect(all.get('provider-1499')).toEqual(fleet[1499]);
    });
  });
}
