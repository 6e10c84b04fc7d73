import { describe, expect, it } from 'vitest';
import { observationOf } from '../../../lib/health/uptime/observation.ts';
import { observedSeries, observedSince, usefulWindows } from '../../../lib/health/uptime/observed.ts';
import { UPTIME_WINDOWS, type Uptime, uptimeOf } from '../../../lib/health/uptime/uptime.ts';
import { goodCheck, minute, START } from '../../support/builders.ts';

const NOW = new Date(START);
const DAY = 24 * 60;

function windowsOf(minutes: readonly number[]) {
  const observations = minutes.map((ago) => observationOf(goodCheck({ timestamp: minute(-ago) }), 60_000));
  return UPTIME_WINDOWS.toReversed().map((window) => uptimeOf(window, { days: [], observations }, NOW));
}

describe('observedSince', () => {
  it.each([
    ['to the minute within the last hour', [6, 3], minute(-6)],
    ['to the quarter within the last day', [200, 3], minute(-210)],
    ['to the day long ago', [40 * DAY, 3], '2026-01-20T00:00:00.000Z'],
    ['beyond a gap', [200, 100], minute(-210)],
  ])('is exact %s', (_, minutes, expected) => {
    expect(observedSince(windowsOf(minutes))).toBe(expected);
  });

  it('is null where nothing was observed', () => {
    expect(observedSince(windowsOf([]))).toBeNull();
    expect(observedSince([])).toBeNull();
  });

  const uptime = (...parts: [from: string, checks: number][]) =>
    ({ series: parts.map(([from, checks]) => ({ from, checks })) }) as unknown as Uptime;
  const long = uptime(['10:00', 0], ['12:00', 3], ['14:00', 3]);

  it.each([
    ['begins where the part of the longer one ends', uptime(['14:00', 1]), '12:00'],
    ['begins after it', uptime(['14:15', 1]), '12:00'],
    ['begins before it, which the longer one knows nothing of', uptime(['11:45', 1]), '12:00'],
    ['has no check', uptime(['12:15', 0]), '12:00'],
    ['begins within it', uptime(['11:45', 0], ['12:15', 1]), '12:15'],
    ['begins with it', uptime(['12:00', 1]), '12:00'],
  ])('heeds a shorter window only where it says more: it %s', (_, short, since) => {
    expect(observedSince([long, short])).toBe(since);
  });

  it('looks into no shorter window where the longest saw nothing', () => {
    expect(observedSince([uptime(['10:00', 0]), long])).toBeNull();
  });
});

describe('usefulWindows', () => {
  it.each([
    [6, ['1h']],
    [60, ['1h']],
    [61, ['1h', '24h']],
    [3 * DAY, ['1h', '24h', '7d']],
    [89 * DAY, ['1h', '24h', '7d', '30d', '90d']],
    [200 * DAY, ['1h', '24h', '7d', '30d', '90d']],
  ])('after %i minutes are %j', (minutes, expected) => {
    expect(usefulWindows(minute(-minutes), NOW)).toEqual(expected);
  });

  it('is the shortest where nothing was observed', () => {
    expect(usefulWindows(null, NOW)).toEqual(['1h']);
  });
});

it('observedSeries begins with the first part that has a check, and keeps the gaps after it', () => {
  const [quarter] = windowsOf([5 * DAY, 0]);
  expect(quarter && observedSeries(quarter).map(({ checks }) => checks)).toEqual([1, 0, 0, 0, 0, 1]);
  expect(observedSeries({ series: [{ checks: 2 }, { checks: 0 }] })).toEqual([{ checks: 2 }, { checks: 0 }]);
});
