import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../lib/health/category.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { nextStatus, unknownStatus } from '../../lib/health/next-status.ts';
import { detailOf, isWorking } from '../../lib/health/state.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import type { Transition } from '../../lib/health/transition.ts';
import { at, failedCheck, goodCheck, provider, START } from '../support/builders.ts';

/** A check and how long after the one before it comes; 0 or less: delivered twice, or late. */
const step = fc.record({
  afterMs: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(10_000, 60_000, 60_000, 300_000, 4_000_000) },
    { weight: 1, arbitrary: fc.integer({ min: -200_000, max: 0 }) },
  ),
  outcome: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.constantFrom(...CATEGORIES) },
    { weight: 1, arbitrary: fc.constant('rate_limited' as const) },
  ),
  responseTimeMs: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 20_000 })),
  probe: fc.constantFrom('completion', 'completion', 'models'),
});

const schedule = fc
  .record({
    steps: fc.array(step, { maxLength: 80, size: 'max' }),
    blacklistAfter: fc.integer({ min: 1, max: 5 }),
    recoveryThreshold: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ steps, ...policy }) => {
    let ms = 0;
    const checks = steps.map(({ afterMs, outcome, responseTimeMs, probe }): HealthCheck => {
      ms = Math.max(0, ms + afterMs);
      const fields = { timestamp: at(ms), responseTimeMs, probe } as const;
      return outcome === null ? goodCheck(fields) : failedCheck(outcome, { ...fields, retryAfterMs: responseTimeMs });
    });
    return { checks, config: provider(policy) };
  });

type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

/** Runs a schedule; `every` sees each step that changed something. */
function replay(
  { checks, config }: Schedule,
  every: (before: ProviderStatus, after: ProviderStatus, check: HealthCheck, transition: Transition | null) => void,
) {
  let status = unknownStatus(config, new Date(START));
  const transitions: Transition[] = [];
  for (const check of checks) {
    const change = nextStatus(status, check, config);
    if (change === null) {
      expect(status.lastCheck !== null && check.timestamp <= status.lastCheck.timestamp).toBe(true);
      continue;
    }
    every(status, change.status, check, change.transition);
    if (change.transition) transitions.push(change.transition);
    status = change.status;
  }
  return { status, transitions };
}

const nothing = () => {};

describe('any schedule of checks (S3)', () => {
  it('gives the same status and transitions however often it is replayed', () => {
    fc.assert(
      fc.property(schedule, (one) => {
        expect(replay(one, nothing)).toEqual(replay(one, nothing));
      }),
    );
  });

  it('gives the same when every check is delivered twice, and older ones come again in between', () => {
    fc.assert(
      fc.property(schedule, fc.infiniteStream(fc.nat()), (one, picks) => {
        const checks = one.checks.flatMap((check, i) => {
          const older = one.checks[picks.next().value % (i + 1)] ?? check;
          return [check, check, older];
        });
        expect(replay({ ...one, checks }, nothing)).toEqual(replay(one, nothing));
      }),
    );
  });

  it('has transitions that alternate from and to, at times that increase', () => {
    fc.assert(
      fc.property(schedule, (one) => {
        const { transitions, status } = replay(one, nothing);
        transitions.forEach((transition, i) => {
          expect(transition.from).not.toBe(transition.to);
          expect(transition.from).toBe(i === 0 ? 'unknown' : transitions[i - 1]?.to);
          expect(transition.at > (transitions[i - 1]?.at ?? '')).toBe(true);
        });
        expect(status.state).toBe(transitions.at(-1)?.to ?? 'unknown');
        expect(status.lastTransition).toEqual(transitions.at(-1) ?? null);
        expect(new Set(transitions.map(({ id }) => id)).size).toBe(transitions.length);
      }),
    );
  });

  it('makes a transition exactly where the state changes, one version a check', () => {
    fc.assert(
      fc.property(schedule, (one) => {
        replay(one, (before, after, check, transition) => {
          expect(transition !== null).toBe(before.state !== after.state);
          expect(after.since).toBe(transition ? check.timestamp : before.since);
          expect(after.version).toBe(before.version + 1);
          expect(after.lastCheck).toBe(check);
        });
      }),
    );
  });

  it('has streaks that fit the checks: one of the two is 0, the other one more than before', () => {
    fc.assert(
      fc.property(schedule, (one) => {
        replay(one, (before, after, check) => {
          expect(after.consecutiveSuccesses).toBe(check.isHealthy ? before.consecutiveSuccesses + 1 : 0);
          expect(after.consecutiveFailures).toBe(check.isHealthy ? 0 : before.consecutiveFailures + 1);
        });
      }),
    );
  });

  it('keeps scores within 0 and 1, and the routing score above 0 exactly while the provider works', () => {
    fc.assert(
      fc.property(schedule, (one) => {
        replay(one, (_, after) => {
          for (const score of [after.healthScore, after.routingScore, after.successRate]) {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(1);
          }
          expect(after.isHealthy).toBe(isWorking(after.state));
          if (!after.isHealthy) expect(after.routingScore).toBe(0);
          else if (after.successRate > 0) expect(after.routingScore).toBeGreaterThan(0);
        });
      }),
    );
  });

  it('leaves only the fields of the state on the status', () => {
    // The counts of a day begin with the first check.
    const common = [...Object.keys(unknownStatus(provider(), new Date(START))), 'dayCounts'];
    fc.assert(
      fc.property(schedule, (one) => {
        replay(one, (_, after) => {
          const own = Object.keys(detailOf(after)).filter((field) => field !== 'state' && field !== 'isHealthy');
          expect(Object.keys(after).sort()).toEqual([...common, ...own].sort());
        });
      }),
    );
  });

  it('keeps lists within their bounds, oldest first', () => {
    fc.assert(
      fc.property(schedule, (one) => {
        replay(one, (_, after) => {
          expect(after.transitionTimes.length).toBeLessThanOrEqual(4);
          expect(after.transitionTimes).toEqual(after.transitionTimes.toSorted());
          expect(after.blacklistTimes.length).toBeLessThanOrEqual(10);
          expect(after.blacklistTimes).toEqual(after.blacklistTimes.toSorted());
          expect(after.recent.isHealthy.length).toBeLessThanOrEqual(20);
        });
      }),
    );
  });

  it('blacklists by the fault of the provider for 30 to 300 s, and never ends it sooner', () => {
    fc.assert(
      fc.property(schedule, (one) => {
        replay(one, (before, after, check, transition) => {
          if (transition?.to === 'blacklisted' && after.state === 'blacklisted') {
            expect(after.blacklistedFor).toBe(check.fault);
            const heldMs = after.holdUntil === null ? null : Date.parse(after.holdUntil) - Date.parse(check.timestamp);
            if (check.fault === 'ours') expect(heldMs).toBeNull();
            else expect(heldMs !== null && heldMs >= 30_000 && heldMs <= 300_000).toBe(true);
          }
          if (transition?.from === 'blacklisted' && before.state === 'blacklisted') {
            expect(check.isHealthy).toBe(true);
            expect(check.timestamp >= (before.holdUntil ?? '')).toBe(true);
            expect(after.consecutiveSuccesses).toBeGreaterThanOrEqual(one.config.recoveryThreshold);
          }
        });
      }),
    );
  });
});
