/** Scenarios of the limits on manual checks. They start at the full hour. */

import { describe, expect, it } from 'vitest';
import { at } from '../../support/builders.ts';
import type { Scenario } from '../contract.ts';

const LIMIT = { perProviderSeconds: 10, perHour: 60 };
const GRANTED = { granted: true };
const refused = (retryAfterSeconds: number) => ({ granted: false, retryAfterSeconds });

export function describeManualChecks(scenario: () => Scenario): void {
  describe('manual checks', () => {
    const claim = (key: string, nowMs: number, instance: 'store' | 'other' = 'store', limit = LIMIT) =>
      scenario()[instance].manualChecks.claim(key, new Date(at(nowMs)), limit);

    it('A2: grants one of a provider in 10 s, and says how long to wait', async () => {
      expect(await claim('alpha', 0)).toEqual(GRANTED);
      expect(await claim('alpha', 0)).toEqual(refused(10));
      expect(await claim('alpha', 2500)).toEqual(refused(8));
      expect(await claim('alpha', 9999)).toEqual(refused(1));
      expect(await claim('alpha', 10_000)).toEqual(GRANTED);
    });

    it('T12: does not count what was granted in the future', async () => {
      const ahead = 365 * 24 * 3_600_000;
      for (let i = 0; i < 60; i++) expect(await claim(`p${i}`, ahead)).toEqual(GRANTED);
      expect(await claim('p60', ahead)).toMatchObject({ granted: false });
      expect(await claim('p0', 0)).toEqual(GRANTED);
      expect(await claim('p0', 0)).toEqual(refused(10));
    });

    it('A2: holds one provider’s off in every instance, and no other provider’s', async () => {
      expect(await claim('alpha', 0, 'store')).toEqual(GRANTED);
      expect(await claim('alpha', 1, 'other')).toEqual(refused(10));
      expect(await claim('beta', 1, 'other')).toEqual(GRANTED);
    });

    it('A2: counts a check of all as one of each', async () => {
      expect(await claim('alpha', 0)).toEqual(GRANTED);
      expect(await claim('*', 4000)).toEqual(refused(6));
      expect(await claim('*', 10_000)).toEqual(GRANTED);
      expect(await claim('beta', 12_000)).toEqual(refused(8));
      expect(await claim('*', 12_000)).toEqual(refused(8));
      expect(await claim('beta', 20_000)).toEqual(GRANTED);
    });

    it('A2: grants 60 in a clock hour in all, and more when the next one begins', async () => {
      for (let index = 0; index < 60; index++) expect(await claim(`p${index}`, index * 1000)).toEqual(GRANTED);
      expect(await claim('another', 60_000)).toEqual(refused(3540));
      expect(await claim('another', 3_599_999, 'other')).toEqual(refused(1));
      expect(await claim('another', 3_600_000, 'other')).toEqual(GRANTED);
    });

    it('A2: counts as many as are asked for, or as none of them', async () => {
      const { manualChecks } = scenario().store;
      const claimAll = (checks: number, nowMs: number) => manualChecks.claim('*', new Date(at(nowMs)), LIMIT, checks);
      expect(await claimAll(40, 0)).toEqual(GRANTED);
      expect(await claimAll(21, 10_000)).toEqual(refused(3590));
      expect(await claimAll(20, 10_000)).toEqual(GRANTED);
      expect(await claim('alpha', 20_000)).toEqual(refused(3580));
    });

    it('A2: counts more than the hour has as all of it', async () => {
      const { manualChecks } = scenario().store;
      const claimAll = (nowMs: number) => manualChecks.claim('*', new Date(at(nowMs)), LIMIT, 1000);
      expect(await claim('alpha', 0)).toEqual(GRANTED);
      expect(await claimAll(10_000)).toEqual(refused(3590));
      expect(await claimAll(3_600_000)).toEqual(GRANTED);
      expect(await claim('alpha', 3_620_000)).toEqual(refused(3580));
    });

    it('A2: shows what a claim would be answered, and takes nothing for it', async () => {
      const peek = (key: string, nowMs: number) => scenario().other.manualChecks.peek(key, new Date(at(nowMs)), LIMIT);
      expect(await peek('alpha', 0)).toEqual(GRANTED);
      expect(await peek('alpha', 0)).toEqual(GRANTED);
      expect(await claim('alpha', 0)).toEqual(GRANTED);
      expect(await peek('alpha', 1000)).toEqual(refused(9));
      expect(await peek('*', 1000)).toEqual(refused(9));
      expect(await peek('beta', 1000)).toEqual(GRANTED);
    });

    it('takes nothing from the limits for what it refuses', async () => {
      const limit = { perProviderSeconds: 10, perHour: 2 };
      expect(await claim('alpha', 0, 'store', limit)).toEqual(GRANTED);
      for (const nowMs of [1000, 2000, 3000]) await claim('alpha', nowMs, 'store', limit);
      expect(await claim('alpha', 10_000, 'store', limit)).toEqual(GRANTED);
      expect(await claim('alpha', 30_000, 'store', limit)).toEqual(refused(3570));
    });

    it('A2: grants one of many that ask for a provider at once', async () => {
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, index) => claim('alpha', 0, index % 2 === 0 ? 'store' : 'other')),
      );
      expect(results.filter((result) => result.granted)).toHaveLength(1);
    });

    it('A2: grants what is left of the hour when many ask at once, and not one more', async () => {
      const limit = { perProviderSeconds: 10, perHour: 5 };
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, index) => claim(`p${index}`, 0, index % 2 === 0 ? 'store' : 'other', limit)),
      );
      expect(results.filter((result) => result.granted)).toHaveLength(5);
    });

    it('continues an hour that another instance has begun, though its own clock is behind', async () => {
      const limit = { perProviderSeconds: 10, perHour: 1 };
      expect(await claim('alpha', 3_600_000, 'store', limit)).toEqual(GRANTED);
      expect(await claim('beta', 3_599_000, 'other', limit)).toEqual(refused(3601));
      expect(await claim('beta', 3_600_500, 'other', limit)).toEqual(refused(3600));
    });

    it('makes no caller wait longer than the limit because another instance’s clock is ahead', async () => {
      expect(await claim('alpha', 60_000)).toEqual(GRANTED);
      expect(await claim('alpha', 0)).toEqual(refused(10));
    });
  });
}
