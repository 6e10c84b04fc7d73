import { describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../../lib/health/check.ts';
import { countedWith, countsOfTally, type DayCounts, lastWholeDay } from '../../../lib/health/uptime/day-counts.ts';
import {
  daysShown,
  joinedDays,
  pastDaysOf,
  type WholeDays,
  withoutUnfinished,
} from '../../../lib/health/uptime/past-days.ts';
import { mergeTallies } from '../../../lib/health/uptime/tally.ts';
import { failedCheck, goodCheck } from '../../support/builders.ts';

const NOW = new Date('2026-03-10T10:00:00.000Z');

const counted = (checks: readonly HealthCheck[], before: readonly DayCounts[] = []) =>
  checks.reduce<readonly DayCounts[]>((counts, check) => countedWith(counts, check), before);

const day = (name: string, checks: number, outages = 0): DayCounts => ({
  day: name,
  checks,
  outages,
  failures: outages > 0 ? { timeout: outages } : {},
});

describe('the counts of a status', () => {
  it('are of checks by outcome, those in a planned pause left out', () => {
    const checks = [
      goodCheck({ timestamp: '2026-03-10T09:00:00.000Z' }),
      failedCheck('timeout', { timestamp: '2026-03-10T09:01:00.000Z' }),
      failedCheck('timeout', { timestamp: '2026-03-10T09:01:30.000Z' }),
      failedCheck('auth', { timestamp: '2026-03-10T09:02:00.000Z' }),
      failedCheck('timeout', { timestamp: '2026-03-10T09:03:00.000Z', maintenance: true }),
      goodCheck({ timestamp: '2026-03-10T09:04:00.000Z', maintenance: true }),
    ];
    expect(counted(checks)).toEqual([{ day: '2026-03-10', checks: 4, outages: 2, failures: { timeout: 2, auth: 1 } }]);
  });

  it.each([
    [
      'the day before, at midnight',
      ['2026-03-09T23:59:00.000Z', '2026-03-10T00:00:00.000Z'],
      ['2026-03-09', '2026-03-10'],
    ],
    [
      'no day but the last two',
      ['2026-03-08T23:59:00.000Z', '2026-03-09T12:00:00.000Z', '2026-03-10T00:00:00.000Z'],
      ['2026-03-09', '2026-03-10'],
    ],
    ['one day after a gap', ['2026-03-07T12:00:00.000Z', '2026-03-10T00:00:00.000Z'], ['2026-03-10']],
    [
      'none that a clock ahead has counted',
      ['2026-03-10T12:00:00.000Z', '2026-03-14T12:00:00.000Z', '2026-03-10T12:01:00.000Z'],
      ['2026-03-10'],
    ],
  ])('keep %s', (_, times, days) => {
    expect(counted(times.map((timestamp) => goodCheck({ timestamp }))).map((one) => one.day)).toEqual(days);
  });
});

describe('ninety days of a row', () => {
  const whole: WholeDays = {
    provider: 'alpha',
    through: '2026-03-08',
    days: [day('2025-12-09', 7), day('2026-03-06', 100, 10), day('2026-03-08', 100)],
  };

  it('are those that are over, and since then what the status has counted', () => {
    const { series, usablePercentage, failures } = pastDaysOf(
      whole,
      { dayCounts: [day('2026-03-09', 50), day('2026-03-10', 10, 1)] },
      daysShown(NOW),
    );
    expect(series).toHaveLength(90);
    expect(series.slice(-5).map(({ from, checks }) => [from.slice(5, 10), checks])).toEqual([
      ['03-06', 100],
      ['03-07', 0],
      ['03-08', 100],
      ['03-09', 50],
      ['03-10', 10],
    ]);
    expect(series.at(-5)).toMatchObject({ uptimePercentage: 90, usablePercentage: 90 });
    expect(series.at(-4)).toMatchObject({ uptimePercentage: null });
    // Of the first day, 92 days ago, nothing is shown.
    expect(usablePercentage).toBe(95.769);
    expect(failures).toEqual({ timeout: 11 });
  });

  it('count a day once that is in both', () => {
    const counts = { dayCounts: [day('2026-03-08', 99), day('2026-03-09', 1)] };
    const { series } = pastDaysOf(whole, counts, daysShown(NOW));
    expect(series.slice(-3).map(({ checks }) => checks)).toEqual([100, 1, 0]);
  });

  it('are what the status has counted where nothing was put together yet', () => {
    expect(pastDaysOf(null, { dayCounts: [day('2026-03-10', 10)] }, daysShown(NOW)).series.at(-1)?.checks).toBe(10);
    expect(pastDaysOf(null, {}, daysShown(NOW))).toMatchObject({ usablePercentage: null, failures: {} });
  });

  it('are taken from the figures of a day', () => {
    const counts = day('2026-03-09', 60, 2);
    expect(countsOfTally('2026-03-09', { ...mergeTallies([]), ...counts, maintenance: 3 })).toEqual(counts);
  });

  it('begin with the first days that were kept', () => {
    const days = [day('2025-12-09', 1), day('2025-12-10', 5), day('2026-03-09', 60)];
    expect(joinedDays('alpha', null, days, '2026-03-09')).toEqual({
      provider: 'alpha',
      through: '2026-03-09',
      days: [day('2025-12-10', 5), day('2026-03-09', 60)],
    });
  });

  it('go on from day to day, and forget the oldest', () => {
    const joined = joinedDays('alpha', whole, [day('2026-03-09', 60)], '2026-03-09');
    expect(joined).toEqual({ ...whole, through: '2026-03-09', days: [...whole.days.slice(1), day('2026-03-09', 60)] });
    expect(lastWholeDay(NOW)).toBe('2026-03-09');
    expect(withoutUnfinished(joined, NOW)).toBe(joined);
    expect(withoutUnfinished(joined, new Date('2026-03-09T23:59:59.999Z'))).toEqual({
      ...whole,
      days: whole.days.slice(1),
    });
  });
});
