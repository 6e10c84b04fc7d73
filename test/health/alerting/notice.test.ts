import { describe, expect, it } from 'vitest';
import { ALERT_DEFAULTS } from '../../../lib/health/alerting/alert-settings.ts';
import { noticeOf } from '../../../lib/health/alerting/notice.ts';
import { downSince, problemOf } from '../../../lib/health/alerting/problem.ts';
import type { Category } from '../../../lib/health/category.ts';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import { failedCheck, goodCheck, minute, provider, START, statusAfter } from '../../support/builders.ts';

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
});

describe('the problem of a status', () => {
  const down = (category: Category, count: number, fields = {}) =>
    statusAfter([
      goodCheck(),
      ...Array.from({ length: count }, (_, index) =>
        failedCheck(category, { timestamp: minute(index + 1), ...fields }),
      ),
    ]);

  it.each([
    ['one failed check of the provider', down('server_error', 1), null],
    ['two', down('server_error', 2), 'outage'],
    ['three', down('server_error', 3), 'outage'],
    ['a refused key', down('auth', 1), 'action_needed'],
    ['a used up quota', down('quota', 1), 'action_needed'],
    ['a first 429, which only degrades', down('rate_limited', 1), null],
    ['a second 429', down('rate_limited', 2), 'action_needed'],
    ['a name of ours that does not resolve', down('dns', 2, { fault: 'ours' }), 'action_needed'],
    ['a planned pause', down('server_error', 3, { maintenance: true }), null],
  ] as const)('after %s', (_, status, expected) => {
    expect(problemOf(status, 2)).toBe(expected);
  });

  it('begins with the first failed check, also when it was blacklisted later', () => {
    expect(downSince(down('timeout', 1))).toBe(minute(1));
    expect(downSince(down('timeout', 8))).toBe(minute(1));
  });
});
