import { describe, expect, it } from 'vitest';
import { nextStatus, unknownStatus } from '../../lib/health/next-status.ts';
import { detailOf, isDown, isWorking } from '../../lib/health/state.ts';
import { type ProviderStatus, transitionsIn } from '../../lib/health/status.ts';
import { failedCheck, goodCheck, minute, provider } from '../support/builders.ts';

const config = provider({ blacklistAfter: 2 });
const after = (...checks: Parameters<typeof nextStatus>[1][]): ProviderStatus =>
  checks.reduce(
    (status, check, i) => nextStatus(status, { ...check, timestamp: minute(i) }, config)?.status ?? status,
    unknownStatus(config, new Date(minute(0))),
  );

describe('the fields that belong to a state', () => {
  it.each<[string, ProviderStatus, object]>([
    ['unknown', unknownStatus(config, new Date(minute(0))), { state: 'unknown', isHealthy: false }],
    ['healthy', after(goodCheck()), { state: 'healthy', isHealthy: true }],
    ['unhealthy', after(failedCheck('server_error')), { state: 'unhealthy', isHealthy: false }],
    [
      'degraded',
      after(goodCheck(), failedCheck('rate_limited', { retryAfterMs: 60_000 })),
      { state: 'degraded', isHealthy: true, reason: 'rate_limited', retryAt: minute(2) },
    ],
    [
      'blacklisted',
      after(failedCheck('auth'), failedCheck('auth')),
      { state: 'blacklisted', isHealthy: false, blacklistedFor: 'ours', holdUntil: null },
    ],
  ])('%s are these, and no other', (_, status, detail) => {
    expect(detailOf(status)).toEqual(detail);
  });
});

it.each([
  ['unknown', 'neither'],
  ['healthy', 'working'],
  ['degraded', 'working'],
  ['unhealthy', 'down'],
  ['blacklisted', 'down'],
] as const)('a provider that is %s is %s', (state, expected) => {
  expect({ working: isWorking(state), down: isDown(state) }).toEqual({
    working: expected === 'working',
    down: expected === 'down',
  });
});

describe('the transitions of a status', () => {
  const [unknown, healthy, down] = [after(), after(goodCheck()), after(goodCheck(), failedCheck('auth'))];
  const last = down.lastTransition;

  it('are none before the first', () => {
    expect(transitionsIn(unknown)).toEqual([]);
  });

  it('are its last one, and before it those that may not be on record', () => {
    expect(transitionsIn(down)).toEqual([last]);
    expect(transitionsIn({ ...down, unrecordedTransitions: [healthy.lastTransition as never] })).toEqual([
      healthy.lastTransition,
      last,
    ]);
  });
});
