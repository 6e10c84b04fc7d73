import { describe, expect, it } from 'vitest';
import { withAge } from '../../lib/health/aged-status.ts';
import { unknownStatus } from '../../lib/health/next-status.ts';
import {
  at,
  failedCheck,
  goodCheck,
  healthyStatus,
  minute,
  provider,
  START,
  statusAfter,
} from '../support/builders.ts';

const now = new Date(minute(2));

describe('a status with its age', () => {
  it('has its own fields, and those of its last check at the top', () => {
    const failed = failedCheck('timeout', { timestamp: minute(1), responseTimeMs: 321 });
    const { dayCounts, ...status } = statusAfter([failed]);
    expect(withAge({ ...status, ...(dayCounts && { dayCounts }) }, now)).toEqual({
      ...status,
      responseTimeMs: 321,
      errorMessage: 'simulated timeout',
      timestamp: minute(1),
      ageMs: 60_000,
      stale: false,
    });
  });

  it('shows first what people look for', () => {
    expect(Object.keys(withAge(healthyStatus(), now)).slice(0, 8)).toEqual([
      ...['provider', 'type', 'model', 'state', 'isHealthy', 'responseTimeMs', 'errorMessage', 'timestamp'],
    ]);
  });

  it('has nulls of the check that was never made, and counts from its beginning', () => {
    expect(withAge(unknownStatus(provider(), new Date(START)), now)).toMatchObject({
      state: 'unknown',
      responseTimeMs: null,
      errorMessage: null,
      timestamp: null,
      ageMs: 120_000,
      stale: false,
    });
  });

  it.each([
    ['three intervals old', minute(4), { stale: false, ageMs: 180_000 }],
    ['older than three intervals', at(4 * 60_000 + 1), { stale: true, ageMs: 180_001 }],
    ['a minute ahead', minute(0), { stale: false, ageMs: 60_000 }],
    ['more than a minute ahead', at(-1), { stale: true, ageMs: 60_001, fromFuture: true }],
  ])('T12: is fresh, stale or from the future when its check is %s', (_, time, expected) => {
    const { ageMs, stale, ...rest } = withAge(healthyStatus({}, { timestamp: minute(1) }), new Date(time));
    const fromFuture = rest.fromFuture === undefined ? {} : { fromFuture: rest.fromFuture };
    expect({ ageMs, stale, ...fromFuture }).toEqual(expected);
    expect('fromFuture' in rest).toBe('fromFuture' in expected);
  });

  it('leaves out the fields that only the monitor uses', () => {
    const { lastTransition } = healthyStatus();
    const own = {
      unrecorded: [goodCheck()],
      unrecordedTransitions: lastTransition ? [lastTransition] : [],
      dayCounts: [],
    };
    const aged = withAge({ ...healthyStatus(), ...own }, now);
    for (const name of Object.keys(own)) expect(aged).not.toHaveProperty(name);
  });
});
