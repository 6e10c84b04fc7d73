import { describe, expect, it } from 'vitest';
import { ALERT_DEFAULTS } from '../../../lib/health/alerting/alert-settings.ts';
import { noticeOf } from '../../../lib/health/alerting/notice.ts';
import type { Category } from '../../../lib/health/category.ts';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import { failedCheck, goodCheck, minute, provider, START, unhealthyStatus } from '../../support/builders.ts';

type Outcome = 'ok' | Category | `paused ${Category}`;

/** The notice of each check, one a minute. */
function noticesOf(outcomes: readonly Outcome[], settings = {}, config = provider()) {
  let status: ProviderStatus = unknownStatus(config, new Date(START));
  return outcomes.map((outcome, index) => {
    const timestamp = minute(index);
    const [category = outcome, isPaused] = outcome.startsWith('paused ') ? [outcome.slice(7), true] : [];
    const check =
      outcome === 'ok'
        ? goodCheck({ timestamp })
        : failedCheck(category as Category, { timestamp, ...(isPaused && { maintenance: true }) });
    const change = nextStatus(status, check, config);
    if (!change) throw new Error('expected a newer check');
    const notice = noticeOf(status, change, { ...ALERT_DEFAULTS, ...settings });
    status = change.status;
    return notice;
  });
}

const times = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome);

describe('a write', () => {
  it('has no notice while nothing changes', () => {
    expect(noticesOf(times(100, 'ok')).slice(1)).toEqual(times(99, 'ok').map(() => null));
  });

  it('of an outage has one when the state changes, when it has lasted long enough, and each hour after', () => {
    const notices = noticesOf(['ok', ...times(130, 'timeout')]);
    const marked = notices.flatMap((notice, index) => (notice ? [`${index} ${notice}`] : []));
    expect(marked).toEqual([
      '0 transition',
      '1 transition',
      '2 alert_due',
      '3 transition',
      '61 reminder_due',
      '121 reminder_due',
    ]);
  });

  it.each([
    [1, ['transition', 'transition', null, 'transition']],
    [2, ['transition', 'transition', 'alert_due', 'transition']],
    [3, ['transition', 'transition', null, 'transition']],
  ])('of an outage is due after %i failed checks, as alertAfter says', (alertAfter, expected) => {
    expect(noticesOf(['ok', ...times(3, 'timeout')], { alertAfter })).toEqual(expected);
  });

  it('of an outage is due once, also where it is never blacklisted', () => {
    const config = provider({ blacklistAfter: 100 });
    expect(noticesOf(['ok', ...times(6, 'timeout')], { alertAfter: 4 }, config)).toEqual([
      'transition',
      'transition',
      null,
      null,
      'alert_due',
      null,
      null,
    ]);
  });

  it('is no reminder where reminders are switched off', () => {
    const notices = noticesOf(['ok', ...times(200, 'timeout')], { remindAfterMinutes: null });
    expect(notices).not.toContain('reminder_due');
  });

  it('has one when an outage becomes needs our fix, and none the other way', () => {
    expect(noticesOf(['ok', ...times(3, 'timeout'), 'auth', 'timeout', 'timeout']).slice(4)).toEqual([
      'alert_due',
      null,
      null,
    ]);
  });

  it('has one when a planned pause ends and the provider is down', () => {
    expect(noticesOf(['ok', ...times(5, 'paused timeout'), 'timeout', 'timeout']).slice(4)).toEqual([
      null,
      null,
      'alert_due',
      null,
    ]);
  });

  it('has one when a provider that flapped has kept its state for 30 minutes, and none before', () => {
    const notices = noticesOf(['ok', 'timeout', 'ok', 'timeout', ...times(40, 'ok')]);
    const settled = notices.flatMap((notice, index) => (notice === 'settled' ? [index] : []));
    expect(settled).toEqual([34]);
  });

  it('of a problem that stays ours has none again', () => {
    expect(noticesOf(['ok', 'auth', 'auth'])).toEqual(['transition', 'transition', null]);
  });

  it('T12: over a status whose check from the future was left out has one where the problem is as it was', () => {
    const before = { ...unhealthyStatus({}, 'auth'), lastCheck: null } as ProviderStatus;
    const change = nextStatus(before, failedCheck('auth', { timestamp: minute(1) }), provider());
    expect(change && noticeOf(before, change, ALERT_DEFAULTS)).toBe('alert_due');
    const quiet = nextStatus(before, failedCheck('timeout', { timestamp: minute(1) }), provider());
    expect(
      quiet && noticeOf(before, { ...quiet, status: { ...quiet.status, consecutiveFailures: 1 } }, ALERT_DEFAULTS),
    ).toBeNull();
  });
});
