import { describe, expect, it } from 'vitest';
import { downSince, problemOf } from '../../../lib/health/alerting/problem.ts';
import type { HealthCheck } from '../../../lib/health/check.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import {
  blacklistedStatus,
  failedCheck,
  goodCheck,
  healthyStatus,
  minute,
  provider,
  statusAfter,
  unhealthyStatus,
} from '../../support/builders.ts';

const after = (checks: readonly HealthCheck[], blacklistAfter = 5) => statusAfter(checks, provider({ blacklistAfter }));
const failed = (...times: number[]) => times.map((time) => failedCheck('server_error', { timestamp: minute(time) }));

describe('the problem of a status', () => {
  it.each<[string, ProviderStatus, ReturnType<typeof problemOf>]>([
    ['that is healthy', healthyStatus(), null],
    ['that was never checked', { ...unhealthyStatus(), lastCheck: null } as ProviderStatus, null],
    ['after one failure of its own', after(failed(0)), null],
    ['after as many failures as an alert wants', after(failed(0, 1)), 'outage'],
    ['after more failures than an alert wants', after(failed(0, 1, 2)), 'outage'],
    ['that was blacklisted by its first failure', blacklistedStatus({ blacklistAfter: 1 }), 'outage'],
    ['whose key is refused, at once', unhealthyStatus({}, 'auth'), 'action_needed'],
    ['that is degraded by a rate limit', after([failedCheck('rate_limited')]), null],
    ['in a planned pause', after([failedCheck('auth', { maintenance: true })]), null],
    [
      'whose failures are ours and wait',
      after([0, 1].map((time) => failedCheck('rate_limited', { timestamp: minute(time) }))),
      'action_needed',
    ],
    ['whose quota is used up, at once', unhealthyStatus({}, 'quota'), 'action_needed'],
    [
      'of a name of ours that does not resolve',
      after([0, 1].map((time) => failedCheck('dns', { timestamp: minute(time), fault: 'ours' }))),
      'action_needed',
    ],
    [
      'that is blacklisted and whose last check was good',
      after([...failed(0), goodCheck({ timestamp: minute(1) })], 1),
      null,
    ],
  ])('%s', (_, status, expected) => {
    expect(problemOf(status, 2)).toBe(expected);
  });
});

describe('the time since which a provider is down', () => {
  it('is that of its state', () => {
    expect(downSince(unhealthyStatus())).toBe(minute(0));
    expect(downSince(after([goodCheck(), ...failed(3, 4)]))).toBe(minute(3));
  });

  it('of one that was blacklisted is when it failed first', () => {
    expect(downSince(after([goodCheck(), ...failed(3, 4, 5)], 3))).toBe(minute(3));
  });

  it('of one that was blacklisted at once, or whose transition is not known, is that of its state', () => {
    expect(downSince(after([goodCheck(), ...failed(3)], 1))).toBe(minute(3));
    const unknown = { ...after([goodCheck(), ...failed(3, 4, 5)], 3), lastTransition: null };
    expect(downSince(unknown)).toBe(minute(5));
  });

  it('of one that is unhealthy is not when the state before it began', () => {
    const odd = { ...after(failed(3)), since: minute(9) };
    const { lastTransition } = after([...failed(1, 2)], 2);
    expect(downSince({ ...odd, lastTransition })).toBe(minute(9));
  });
});
