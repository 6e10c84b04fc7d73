import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import type { DeepReadonly } from '../../../lib/api/http/route.ts';
import type { AdvisedStatus } from '../../../lib/api/shapes/advised.ts';
import { healthCheck, type providerStatus, type transition } from '../../../lib/api/shapes/schemas.ts';
import { CATEGORIES } from '../../../lib/health/category.ts';
import type { HealthCheck } from '../../../lib/health/check.ts';
import type { Transition } from '../../../lib/health/transition.ts';
import { failedCheck, goodCheck } from '../../support/builders.ts';

/** True when each of two types can stand for the other: a field that only one has makes it false. */
type Same<A, B> = [DeepReadonly<A>] extends [DeepReadonly<B>]
  ? [DeepReadonly<B>] extends [DeepReadonly<A>]
    ? true
    : false
  : false;

describe('the shapes of answers', () => {
  it('are those of the domain, at compile time', () => {
    const same: [
      Same<z.output<typeof healthCheck>, HealthCheck>,
      Same<z.output<typeof transition>, Transition>,
      Same<z.output<typeof providerStatus>, AdvisedStatus>,
    ] = [true, true, true];
    expect(same).not.toContain(false);
  });

  it.each(CATEGORIES)('have a failed check of category %s', (category) => {
    expect(healthCheck.safeParse(failedCheck(category)).success).toBe(true);
  });

  it.each([
    ['a good check with an error', { ...goodCheck(), errorMessage: 'no' }],
    ['a failed check without a category', { ...failedCheck('timeout'), category: null }],
    ['two attempts without what failed first', { ...goodCheck(), attempts: 2, firstAttempt: null }],
    ['a check with a field that is not documented', { ...goodCheck(), apiKey: 'x' }],
  ])('do not have %s', (_, check) => {
    expect(healthCheck.safeParse(check).success).toBe(false);
  });
});
