/** Statuses and checks that contradict themselves do not compile: `npm run types` fails where one of these lines does. */

import { expect, it } from 'vitest';
import type { Attempts, FailedCheck, HealthCheck } from '../../lib/health/check.ts';
import type { ProviderStatus, StateDetail } from '../../lib/health/status.ts';
import { failedCheck, goodCheck, healthyStatus } from '../support/builders.ts';

const { state, isHealthy, ...fields } = healthyStatus();
const { attempts, firstAttempt, ...check } = goodCheck();
const first = { category: 'timeout', errorMessage: 'no answer', responseTimeMs: 10_000 } as const;

it('a status cannot have a state that contradicts isHealthy, nor a field of another state', () => {
  const details: StateDetail[] = [
    { state: 'healthy', isHealthy: true },
    // @ts-expect-error A healthy provider works.
    { state: 'healthy', isHealthy: false },
    // @ts-expect-error A degraded provider works.
    { state: 'degraded', isHealthy: false, reason: 'slow', retryAt: null },
    // @ts-expect-error A blacklisted provider does not work.
    { state: 'blacklisted', isHealthy: true, blacklistedFor: 'ours', holdUntil: null },
    // @ts-expect-error Only a blacklisted provider has a hold.
    { state: 'unhealthy', isHealthy: false, holdUntil: null },
  ];
  // @ts-expect-error A healthy provider works.
  const status: ProviderStatus = { ...fields, state: 'healthy', isHealthy: false };
  expect([...details, status]).toHaveLength(6);
});

it('a check cannot have two attempts without what failed first, nor one with it', () => {
  const kinds: Attempts[] = [
    { attempts: 1, firstAttempt: null },
    { attempts: 2, firstAttempt: first },
    // @ts-expect-error The first of two attempts failed.
    { attempts: 2, firstAttempt: null },
    // @ts-expect-error There was no other attempt.
    { attempts: 1, firstAttempt: first },
  ];
  // @ts-expect-error The first of two attempts failed.
  const contradicted: HealthCheck = { ...check, attempts: 2, firstAttempt: null };
  expect([...kinds, contradicted]).toHaveLength(5);
});

it('a failed check cannot lack its category, nor have the warning of a good one', () => {
  const { category, warning, ...failed } = failedCheck('timeout');
  // @ts-expect-error Each failure has a category.
  const uncategorised: FailedCheck = { ...failed, warning, category: null };
  // @ts-expect-error A warning is about a good answer.
  const warned: FailedCheck = { ...failed, category, warning: 'answered by another model' };
  expect([uncategorised, warned]).toHaveLength(2);
});
