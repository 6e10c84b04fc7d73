/**
 * Scenarios of statuses: they are stored completely, replace only the version that they were computed from, and are
 * gone when deleted.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BriefStatus } from '../../../lib/health/brief-status.ts';
import { CATEGORIES } from '../../../lib/health/category.ts';
import type { HealthCheck } from '../../../lib/health/check.ts';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import { at, failedCheck, goodCheck, minute, provider, START } from '../../support/builders.ts';
import type { Scenario } from '../contract.ts';
import { CHECKS, status } from './samples.ts';

const POLICY = provider();

/** The statuses that a provider goes through when `checks` are applied one by one, the first of them unknown. */
function history(checks: readonly HealthCheck[]): ProviderStatus[] {
  const statuses = [unknownStatus(POLICY, new Date(START))];
  for (const check of checks) {
    const change = nextStatus(statuses.at(-1) ?? unknownStatus(POLICY, new Date(START)), check, POLICY);
    if (change) statuses.push(change.status);
  }
  return statuses;
}

/** A brief status has no more fields than this; those of its state stay. */
function briefOf(status: ProviderStatus): BriefStatus {
  const { type, version, lastHealthyAt, recent, medianResponseMs, flapping, transitionTimes, blacklistTimes, ...most } =
    status;
  const { lastTransition, dayCounts, unrecorded, unrecordedTransitions, tokensToday, tokenLimitReached, ...more } =
    most;
  const { lastCompletionAt, drainReason, maintenanceUntil, maintenanceReason, lastCheck, ...brief } = more;
  if (lastCheck === null) return { ...brief, lastCheck };
  const { timestamp, responseTimeMs, category, fault, errorMessage } = lastCheck;
  return { ...brief, lastCheck: { timestamp, responseTimeMs, category, fault, errorMessage } };
}

const STATUSES: readonly [string, ProviderStatus][] = [
  ['of a provider that was never checked', unknownStatus(POLICY, new Date(START))],
  ...CHECKS.map(([name, check]): [string, ProviderStatus] => [
    `whose last check is ${name}`,
    status({ lastCheck: check }),
  ]),
  [
    'that is degraded because it is slow',
    status({ state: 'degraded', isHealthy: true, reason: 'slow', retryAt: null }),
  ],
  [
    'that is rate limited until a time',
    status({ state: 'degraded', isHealthy: true, reason: 'rate_limited', retryAt: at(30_000) }),
  ],
  ['that is unhealthy', status({ state: 'unhealthy', isHealthy: false, consecutiveFailures: 2, routingScore: 0 })],
  [
    'that is blacklisted and held',
    status({
      state: 'blacklisted',
      isHealthy: false,
      blacklistedFor: 'provider',
      holdUntil: at(60_000),
      blacklistTimes: [at(0), at(1)],
    }),
  ],
  [
    'that is blacklisted by our fault',
    status({ state: 'blacklisted', isHealthy: false, blacklistedFor: 'ours', holdUntil: null }),
  ],
  ['that flaps', status({ flapping: true, transitionTimes: [at(0), at(1), at(2), at(3)] })],
  ['with tags, of a disabled provider', status({ tags: ['eu', 'cheap'], enabled: false, routingScore: 0 })],
  ['that is drained and in maintenance', status({ drainUntil: at(1000), maintenanceUntil: at(2000) })],
  [
    'that has spent its tokens',
    status({ tokensToday: { day: '2026-03-01', count: 100_000 }, tokenLimitReached: true }),
  ],
  [
    'whose scores have many digits',
    status({ healthScore: 0.1 + 0.2, routingScore: 1 / 3, successRate: 2 / 3, medianResponseMs: 812.5 }),
  ],
  [
    'whose last transition is older than its last check',
    status({
      lastCheck: goodCheck({ timestamp: minute(9) }),
      lastTransition: {
        id: `${minute(2)}#alpha`,
        provider: 'alpha',
        from: 'healthy',
        to: 'unhealthy',
        at: minute(2),
        category: 'server_error',
        fault: 'provider',
        errorMessage: 'expected HTTP 200, got 503',
        lastedMs: 120_000,
      },
    }),
  ],
];

export function describeStatuses(scenario: () => Scenario): void {
  describe('statuses', () => {
    it('has none at first', async () => {
      const { store } = scenario();
      expect(await store.statuses.get('alpha')).toBeNull();
      expect(await store.statuses.list()).toEqual({ statuses: [], unreadable: [] });
    });

    it.each(STATUSES)('gives back a status %s as it was put', async (_, written) => {
      const { store } = scenario();
      expect(await store.statuses.put(written, null, null)).toBe('stored');
      expect(await store.statuses.get('alpha')).toEqual(written);
      expect(await store.statuses.list()).toEqual({ statuses: [written], unreadable: [] });
    });

    it.each(STATUSES)('gives the brief status %s with the same fields', async (_, written) => {
      const { store } = scenario();
      await store.statuses.put(written, null, null);
      expect(await store.statuses.listBrief()).toEqual({ statuses: [briefOf(written)], unreadable: [] });
    });

    it('lists all statuses in the order of their ids', async () => {
      const { store } = scenario();
      for (const id of ['glm', 'a', 'openai-2', 'a-b', 'openai-10', '0']) {
        await store.statuses.put(status({ provider: id }), null, null);
      }
      for (const list of [await store.statuses.list(), await store.statuses.listBrief()]) {
        expect(list.statuses.map((one) => one.provider)).toEqual(['0', 'a', 'a-b', 'glm', 'openai-10', 'openai-2']);
      }
    });

    it('lists those that are asked for and there, each once, in the order of their ids', async () => {
      const { store } = scenario();
      const ids = Array.from({ length: 130 }, (_, i) => `p-${String(i).padStart(3, '0')}`);
      for (const provider of ids) await store.statuses.put(status({ provider }), null, null);
      const asked = [...ids.slice(10).reverse(), 'missing', 'p-020'];
      const { statuses, unreadable } = await store.statuses.some(asked);
      expect(statuses.map(({ provider }) => provider)).toEqual(ids.slice(10));
      expect(unreadable).toEqual([]);
      expect(await store.statuses.some([])).toEqual({ statuses: [], unreadable: [] });
    });

    it('does not change when the object that was put or given back is changed', async () => {
      const { store } = scenario();
      const tags = ['eu'];
      await store.statuses.put(status({ tags }), null, null);
      tags.push('later');
      const given = await store.statuses.get('alpha');
      Object.assign(given ?? {}, { model: 'changed' });
      expect(await store.statuses.get('alpha')).toEqual(status({ tags: ['eu'] }));
    });

    it('S1: keeps a state and the transition that made it in one write', async () => {
      const { store } = scenario();
      const change = nextStatus(unknownStatus(POLICY, new Date(START)), failedCheck('tls'), POLICY);
      expect(change?.transition).toMatchObject({ from: 'unknown', to: 'unhealthy' });
      if (!change) return;
      await store.statuses.put(change.status, null, 'transition');
      const stored = await store.statuses.get('alpha');
      expect(stored?.state).toBe('unhealthy');
      expect(stored?.lastTransition).toEqual(change.transition);
    });

    it('refuses a transition that is not the last one of its status: that is a bug', async () => {
      const { store } = scenario();
      const change = nextStatus(unknownStatus(POLICY, new Date(START)), goodCheck(), POLICY);
      if (!change?.transition) throw new Error('expected a transition');
      const put = store.statuses.put({ ...change.status, lastTransition: null }, null, 'transition');
      await expect(put).rejects.toThrow(/lastTransition: expected the transition of this write/);
      expect(await store.statuses.get('alpha')).toBeNull();
    });

    it('writes the first status only where there is none', async () => {
      const { store, other } = scenario();
      expect(await store.statuses.put(status({ version: 1 }), null, null)).toBe('stored');
      expect(await other.statuses.put(status({ version: 1, model: 'other' }), null, null)).toBe('conflict');
      expect((await store.statuses.get('alpha'))?.model).toBe(status().model);
    });

    it('writes a status only over the version that it was computed from', async () => {
      const { store } = scenario();
      await store.statuses.put(status({ version: 1 }), null, null);
      expect(await store.statuses.put(status({ version: 2 }), 1, null)).toBe('stored');
      expect(await store.statuses.put(status({ version: 2, model: 'late' }), 1, null)).toBe('conflict');
      expect(await store.statuses.put(status({ version: 4, model: 'early' }), 3, null)).toBe('conflict');
      expect(await store.statuses.get('alpha')).toEqual(status({ version: 2 }));
    });

    it('S2: of many writes computed from one version, exactly one is stored', async () => {
      const { store, other } = scenario();
      await store.statuses.put(status({ version: 1 }), null, null);
      const models = Array.from({ length: 12 }, (_, index) => `model-${index}`);
      const results = await Promise.all(
        models.map((model, index) =>
          (index % 2 === 0 ? store : other).statuses.put(status({ version: 2, model }), 1, null),
        ),
      );
      expect(results.filter((result) => result === 'stored')).toHaveLength(1);
      expect((await store.statuses.get('alpha'))?.model).toBe(models[results.indexOf('stored')]);
    });

    it('S6: never brings back a status that was deleted meanwhile', async () => {
      const { store, other } = scenario();
      await store.statuses.put(status({ version: 1 }), null, null);
      await other.statuses.delete('alpha');
      expect(await store.statuses.put(status({ version: 2 }), 1, null)).toBe('conflict');
      expect(await store.statuses.get('alpha')).toBeNull();
    });

    it('deletes a status of a version only while it has that version', async () => {
      const { store } = scenario();
      await store.statuses.put(status({ version: 1 }), null, null);
      await store.statuses.put(status({ version: 2 }), 1, null);
      await store.statuses.delete('alpha', 1);
      expect((await store.statuses.get('alpha'))?.version).toBe(2);
      await store.statuses.delete('alpha', 2);
      expect(await store.statuses.get('alpha')).toBeNull();
      await store.statuses.delete('alpha', 2);
      await store.statuses.delete('alpha');
    });

    it('S5: cuts an error text at 300 characters, never within one', async () => {
      const { store } = scenario();
      const check = failedCheck('server_error', { errorMessage: '🦜'.repeat(400) });
      await store.statuses.put(status({ lastCheck: check }), null, null);
      const stored = await store.statuses.get('alpha');
      expect(stored?.lastCheck?.errorMessage).toBe('🦜'.repeat(300));
    });

    it('S3: gives back every status of any history of checks as the rules left it', async () => {
      const { store } = scenario();
      const check = fc.record({
        failure: fc.option(fc.constantFrom(...CATEGORIES), { freq: 2 }),
        responseTimeMs: fc.nat(20_000),
        retryAfterMs: fc.option(fc.nat(3_600_000)),
        seconds: fc.integer({ min: 1, max: 600 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(check, { minLength: 1, maxLength: 30 }), async (steps) => {
          let seconds = 0;
          const checks = steps.map(({ failure, responseTimeMs, retryAfterMs, ...step }) => {
            seconds += step.seconds;
            const measured = { responseTimeMs, timestamp: at(seconds * 1000) };
            return failure === null ? goodCheck(measured) : failedCheck(failure, { ...measured, retryAfterMs });
          });
          await store.statuses.delete('alpha');
          let basedOn: number | null = null;
          for (const written of history(checks)) {
            const changed = written.lastTransition?.at === written.lastCheck?.timestamp;
            const notice = written.lastTransition && changed ? 'transition' : null;
            expect(await store.statuses.put(written, basedOn, notice)).toBe('stored');
            expect(await store.statuses.get('alpha')).toEqual(written);
            basedOn = written.version;
          }
        }),
        { numRuns: 8 },
      );
    });
  });
}
