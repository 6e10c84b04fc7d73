import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCheck } from '../../../lib/checker/batch/apply.ts';
import type { HealthCheck } from '../../../lib/health/check.ts';
import { nextStatus } from '../../../lib/health/next-status.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import type { Transition } from '../../../lib/health/transition.ts';
import { createMemoryStore } from '../../../lib/store/memory/store.ts';
import type { StatusStore } from '../../../lib/store/store.ts';
import { at, failedCheck, goodCheck, healthyStatus, provider, START, statusAfter } from '../../support/builders.ts';

const CONFIG = provider();
/** Every check has its item: nothing is carried. */
const OPTIONS = { now: new Date(at(60_000)), recorded: { has: () => true }, transitions: { has: () => true } };

/** The stored status, and the transitions in the order in which they were written. */
async function storeWith(status: ProviderStatus | null) {
  const { statuses } = createMemoryStore();
  const transitions: Transition[] = [];
  if (status) await statuses.put(status, null, null);
  const recording: StatusStore = {
    ...statuses,
    put: async (next, basedOn, notice) => {
      const written = await statuses.put(next, basedOn, notice);
      if (written === 'stored' && notice === 'transition' && next.lastTransition) transitions.push(next.lastTransition);
      return written;
    },
  };
  return { statuses: recording, transitions };
}

describe('applying a check', () => {
  it('S2: reads the status again when another process wrote it, and applies its result to the fresh one', async () => {
    const known = healthyStatus();
    const { statuses } = await storeWith(known);
    await applyCheck(
      statuses,
      failedCheck('auth', { timestamp: at(1000) }),
      { config: CONFIG, status: known, declared: true },
      OPTIONS,
    );
    const late = await applyCheck(
      statuses,
      failedCheck('auth', { timestamp: at(2000) }),
      { config: CONFIG, status: known, declared: true },
      OPTIONS,
    );
    expect(late).toMatchObject({ outcome: 'applied', transition: null });
    expect(await statuses.get('alpha')).toMatchObject({ consecutiveFailures: 2, state: 'unhealthy' });
  });

  it('T4: a result older than the one stored is outdated', async () => {
    const known = healthyStatus({}, { timestamp: at(5000) });
    const { statuses } = await storeWith(known);
    const late = await applyCheck(
      statuses,
      failedCheck('auth', { timestamp: at(1000) }),
      { config: CONFIG, status: null, declared: true },
      OPTIONS,
    );
    expect(late).toEqual({ outcome: 'outdated' });
    expect(await statuses.get('alpha')).toEqual(known);
  });

  it('S6: a status that was deleted since it was read stays deleted', async () => {
    const { statuses } = await storeWith(null);
    const known = healthyStatus();
    expect(
      await applyCheck(
        statuses,
        goodCheck({ timestamp: at(1000) }),
        { config: CONFIG, status: known, declared: true },
        OPTIONS,
      ),
    ).toEqual({
      outcome: 'removed',
    });
    expect(await statuses.get('alpha')).toBeNull();
  });

  it('S6: a status that came to be and was deleted while its first check was written stays deleted', async () => {
    const { statuses } = await storeWith(null);
    const found = [healthyStatus(), null];
    const racing: StatusStore = { ...statuses, put: async () => 'conflict', get: async () => found.shift() ?? null };
    expect(
      await applyCheck(
        racing,
        goodCheck({ timestamp: at(1000) }),
        { config: CONFIG, status: null, declared: true },
        OPTIONS,
      ),
    ).toEqual({
      outcome: 'removed',
    });
  });

  it('S6: a registered provider without a status gets none', async () => {
    const { statuses } = await storeWith(null);
    expect(await applyCheck(statuses, goodCheck(), { config: CONFIG, status: null, declared: false }, OPTIONS)).toEqual(
      { outcome: 'removed' },
    );
  });

  it('gives up, and says where to look, when it loses every time', async () => {
    const { statuses } = await storeWith(healthyStatus());
    const losing: StatusStore = { ...statuses, put: async () => 'conflict' };
    await expect(
      applyCheck(
        losing,
        goodCheck({ timestamp: at(1000) }),
        { config: CONFIG, status: healthyStatus(), declared: true },
        OPTIONS,
      ),
    ).rejects.toThrow(/alpha: expected to win one of 8 conditional writes.*second monitor/);
  });

  it('S2, S3: however applications interleave, the status is the replay of the checks that were applied', async () => {
    const check = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom<'ok' | 'auth' | 'connect'>('ok', 'auth', 'connect'))
      .map(([second, outcome]): HealthCheck => {
        const timestamp = at(second * 1000);
        return outcome === 'ok' ? goodCheck({ timestamp }) : failedCheck(outcome, { timestamp });
      });
    await fc.assert(
      fc.asyncProperty(fc.array(check, { minLength: 2, maxLength: 5 }), fc.scheduler(), async (checks, scheduler) => {
        const known = statusAfter([goodCheck()]);
        const { statuses, transitions } = await storeWith(known);
        const interleaved: StatusStore = {
          ...statuses,
          get: scheduler.scheduleFunction((id: string) => statuses.get(id)),
          put: scheduler.scheduleFunction((...args: Parameters<StatusStore['put']>) => statuses.put(...args)),
        };
        const outcomes = checks.map((one) =>
          applyCheck(interleaved, one, { config: CONFIG, status: known, declared: true }, OPTIONS),
        );
        await scheduler.waitFor(Promise.all(outcomes));

        const applied: HealthCheck[] = [];
        for (const [index, outcome] of (await Promise.all(outcomes)).entries()) {
          const one = checks[index];
          if (one && outcome.outcome === 'applied') applied.push(one);
        }
        applied.sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
        const replayed = applied.reduce<ProviderStatus>(
          (status, one) => nextStatus(status, one, CONFIG)?.status ?? status,
          known,
        );
        expect(await statuses.get('alpha')).toEqual(replayed);
        expect(new Set(applied.map((one) => one.timestamp)).size).toBe(applied.length);
        let state = known.state;
        for (const transition of transitions) {
          expect(transition.from).toBe(state);
          state = transition.to;
        }
        expect(transitions.every(({ at: time }, i) => time > (transitions[i - 1]?.at ?? START))).toBe(true);
      }),
    );
  });
});
