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

const OPTIONS = { now: new Date(at(4000)), colour: false, width: null, height: null };

describe('the table of statuses', () => {
  it('has a row for each provider, aligned, and says how many are usable', () => {
    const statuses = [aged(healthyStatus()), aged(unhealthyStatus({ id: 'beta-longer' }, 'auth'))];
    expect(reportOf(statuses, [{ provider: 'gamma', reason: 'v: expected 1, got 9' }], OPTIONS)).toBe(
      [
        '   PROVIDER     STATE       FOR  LAST 20  RESPONSE  MEDIAN  GOOD  ROUTING  HEALTH  CHECKED  WHY',
        '–  gamma        unreadable                                                                  v: expected 1, got 9',
        '⚑  beta-longer  unhealthy   4 s  ×               –       –    0%     0.00       –  4 s ago  Key refused, needs our fix: simulated auth',
        '✓  alpha        healthy     4 s  █          200 ms  200 ms  100%     0.90    0.88  4 s ago',
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

  describe.each([70, 110])('in a terminal of %d columns', (width) => {
    const slow = statusAfter(
      [200, 200, 200, 200, 200, 200, 3000, 3000, 3000].map((responseTimeMs, i) =>
        goodCheck({ responseTimeMs, timestamp: at(i) }),
      ),
      provider({ id: 'deepseek-slow' }),
    );
    const fleet = [
      ...Array.from({ length: 30 }, (_, i) => aged(healthyStatus({ id: `openai-region-${i}` }))),
      aged(unhealthyStatus({ id: 'claude' }, 'overloaded', { errorMessage: '余额不足，请充值 '.repeat(20) })),
      aged(slow),
      aged(unhealthyStatus({ id: 'gemini' }, 'auth')),
    ];
    const lines = () => reportOf(fleet, [], { ...OPTIONS, width, height: 20 }).split('\n');

    it('keeps the reasons and has the broken ones first', () => {
      const [heading = '', ...rows] = lines();
      expect(heading).toMatch(/WHY$/);
      expect(rows[0]).toMatch(/✗ {2}claude .*Overloaded/);
      expect(rows[1]).toMatch(/⚑ {2}gemini .*Key refused/);
      expect(rows[2]).toMatch(/! {2}deepseek-slow .*Slow: 3\.00 s, usually 200 ms/);
      expect(heading.includes('RESPONSE')).toBe(width === 110);
      expect(heading).not.toContain('HEALTH');
    });

    it('never wraps, and fits the height', () => {
      const columns = (line: string) => [...line].reduce((sum, one) => sum + (/[\u3000-\uffef]/.test(one) ? 2 : 1), 0);
      expect(Math.max(...lines().map(columns))).toBeLessThanOrEqual(width);
      expect(lines().filter((line) => line !== '')).toHaveLength(20 - 1);
      expect(lines()).toContain('… and 17 more');
      expect(lines().at(-2)).toBe('31 of 33 usable');
    });
  });

  it('keeps every figure where no provider has a reason to show', () => {
    const [heading] = reportOf([aged(healthyStatus())], [], { ...OPTIONS, width: 110 }).split('\n');
    expect(heading).toContain('HEALTH');
  });

  it('shows no health score of a provider that never had a good check', () => {
    const refused = failedCheck('connect', { responseTimeMs: 2 });
    const never = aged(statusAfter([refused], provider()));
    expect(never.healthScore).toBeGreaterThan(0.59);
    const scoreIn = (status: AgedStatus) => {
      const [heading = '', row = ''] = reportOf([status], [], OPTIONS).split('\n');
      const end = heading.indexOf('HEALTH') + 'HEALTH'.length;
      return row.slice(0, end).split(' ').at(-1);
    };
    expect(scoreIn(never)).toBe('–');
    const before = goodCheck({ timestamp: at(-60_000) });
    expect(scoreIn(aged(statusAfter([before, refused], provider())))).toBe('0.60');
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
    ['not when one is stale', [stale], [], false],
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
