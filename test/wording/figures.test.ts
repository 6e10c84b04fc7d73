import { describe, expect, it } from 'vitest';
import {
  clockText,
  dayText,
  durationText,
  momentText,
  ordinalText,
  percentText,
  plural,
  responseText,
  shareText,
} from '../../lib/wording/figures.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [999, '0 s'],
    [SECOND, '1 s'],
    [59.9 * SECOND, '59 s'],
    [MINUTE, '1 min'],
    [3 * MINUTE + 59 * SECOND, '3 min'],
    [HOUR, '1 h'],
    [2 * HOUR + 5 * MINUTE, '2 h 5 min'],
    [10 * HOUR + 5 * MINUTE, '10 h'],
    [DAY, '1 d'],
    [2 * DAY + 4 * HOUR + MINUTE, '2 d 4 h'],
    [12 * DAY + 4 * HOUR, '12 d'],
  ])('of %d ms is %s', (ms, expected) => {
    expect(durationText(ms)).toBe(expected);
  });
});

describe('a percentage', () => {
  it.each([
    [100, '100%'],
    [99.999, '99.99%'],
    [99.99, '99.99%'],
    [99.5, '99.50%'],
    [0, '0%'],
  ])('of %d is %s: cut, so that only perfection is 100%%', (percentage, expected) => {
    expect(percentText(percentage)).toBe(expected);
  });
});

describe('a share of checks', () => {
  it.each([
    [37.5, 8, 'in 3 of 8 checks'],
    [(100 * 98) / 99, 99, 'in 98 of 99 checks'],
    [99, 100, '99%'],
    [100, 8, '100%'],
    [0, 8, '0%'],
  ])('of %d%% of %d is %s: a percentage only where there were many', (percentage, checks, expected) => {
    expect(shareText(percentage, checks)).toBe(expected);
  });
});

it.each([
  [0, '0 ms'],
  [249.4, '249 ms'],
  [999, '999 ms'],
  [1000, '1.00 s'],
  [1523, '1.52 s'],
  [12_345, '12.3 s'],
])('a response time of %d ms is %s', (ms, expected) => {
  expect(responseText(ms)).toBe(expected);
});

it.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [11, '11th'],
  [12, '12th'],
  [13, '13th'],
  [21, '21st'],
  [111, '111th'],
  [1002, '1,002nd'],
])('the ordinal of %d is %s', (ordinal, expected) => {
  expect(ordinalText(ordinal)).toBe(expected);
});

it('times are UTC', () => {
  expect(momentText('2026-03-01T10:02:03.004Z')).toBe('1 Mar, 10:02:03 UTC');
  expect(dayText('2026-12-31T23:59:59.999Z')).toBe('31 Dec 2026');
  expect(clockText('2026-03-01T10:02:03.004Z')).toBe('10:02');
});

it('a count has its noun', () => {
  expect([plural(1, 'check'), plural(1440, 'check'), plural(2, 'status', 'statuses')]).toEqual([
    '1 check',
    '1,440 checks',
    '2 statuses',
  ]);
});
