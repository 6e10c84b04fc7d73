import { describe, expect, it } from 'vitest';
import { areAllUsable, reportOf, sparkline } from '../../../lib/cli/status/report.ts';
import { type AgedStatus, withAge } from '../../../lib/health/aged-status.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import {
  at,
  failedCheck,
  goodCheck,
  healthyStatus,
  provider,
  statusAfter,
  unhealthyStatus,
} from '../../support/builders.ts';

const aged = (status: ProviderStatus, now = new Date(at(4000))): AgedStatus => withAge(status, now);

const OPTIONS = { now: new Date(at(4000)), colour: false, width: null };

describe('the table of statuses', () => {
  it('has a row for each provider, aligned, and says how many are usable', () => {
    const statuses = [aged(healthyStatus()), aged(unhealthyStatus({ id: 'beta-longer' }, 'auth'))];
    expect(reportOf(statuses, [{ provider: 'gamma', reason: 'v: expected 1, got 9' }], OPTIONS)).toBe(
      [
        '   PROVIDER     STATE       FOR  LAST 20  RESPONSE  MEDIAN  GOOD  ROUTING  HEALTH  CHECKED  WHY',
        '✓  alpha        healthy     4 s  █          200 ms  200 ms  100%     0.90    0.88  4 s ago',
        '⚑  beta-longer  unhealthy   4 s  ×               –       –    0%     0.00    0.57  4 s ago  Key refused, needs our fix: simulated auth',
        '–  gamma        unreadable                                                                  v: expected 1, got 9',
        '',
        '1 of 2 usable, 1 unreadable',
        '',
      ].join('\n'),
    );
  });

  it('is cut to the width of the terminal', () => {
    const status = unhealthyStatus({}, 'timeout', { errorMessage: 'x'.repeat(300) });
    for (const line of reportOf([aged(status)], [], { ...OPTIONS, width: 100 }).split('\n')) {
      expect([...line].length).toBeLessThanOrEqual(100);
    }
  });

  it('has colours only where they are shown', () => {
    const text = (colour: boolean) => reportOf([aged(healthyStatus())], [], { ...OPTIONS, colour });
    expect(text(true)).toContain('\u001b[32m✓\u001b[39m');
    expect(text(false)).not.toContain('\u001b');
  });

  it("K5 keeps a provider's control characters from the terminal", () => {
    const status = unhealthyStatus({}, 'server_error', { errorMessage: 'a\u001b[2Jb\u202ec\nd' });
    const [, row = ''] = reportOf([aged(status)], [], OPTIONS).split('\n');
    expect(row).not.toContain('\u001b');
    expect(row).not.toContain('\u202e');
    expect(row).toMatch(/d$/);
  });
});

describe('all are usable', () => {
  const stale = aged(healthyStatus(), new Date(at(181_000)));
  it.each([
    ['when all are healthy', [aged(healthyStatus())], [], true],
    [
      'when one that does not work is disabled',
      [aged(healthyStatus()), aged(unhealthyStatus({ enabled: false }))],
      [],
      true,
    ],
    ['not when one does not work', [aged(healthyStatus()), aged(unhealthyStatus())], [], false],
    ['not when one is stale: nobody knows', [stale], [], false],
    ['not when one cannot be read', [aged(healthyStatus())], [{ provider: 'x', reason: '' }], false],
    ['when there are none', [], [], true],
  ])('%s', (_, statuses, unreadable, expected) => {
    expect(areAllUsable(statuses, unreadable)).toBe(expected);
  });
});

describe('a sparkline', () => {
  it.each([
    ['is empty before the first check', [], ''],
    ['is as high as each time beside the longest', [100, 200, 400, 800], '▂▃▅█'],
    ['crosses a failed check', [400, null, 400], '█×█'],
  ])('%s', (_, times, expected) => {
    const checks = times.map((responseTimeMs, i) =>
      responseTimeMs === null
        ? failedCheck('timeout', { timestamp: at(i) })
        : goodCheck({ timestamp: at(i), responseTimeMs }),
    );
    expect(sparkline(statusAfter(checks).recent)).toBe(expected);
  });

  it('has a dot for a check that asked for something else', () => {
    const models = goodCheck({ probe: 'models' });
    expect(sparkline(statusAfter([models], provider()).recent)).toBe('·');
  });
});
