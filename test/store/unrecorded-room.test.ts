/** An item with less and less room drops texts first, then transitions and checks, in a fixed order. */

import { describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../lib/health/check.ts';
import type { Transition } from '../../lib/health/transition.ts';
import { itemSize } from '../../lib/store/item-size.ts';
import type { Item } from '../../lib/store/items/kinds.ts';
import { withinLimit, withUnrecorded } from '../../lib/store/unrecorded.ts';
import { failedCheck, minute } from '../support/builders.ts';

const LONG = '\u20ac'.repeat(200);
const ITEM: Item = { pk: 'STATUS', sk: 'alpha', errorMessage: LONG };
const CHECKS: HealthCheck[] = [0, 1].map((index) =>
  failedCheck('server_error', {
    timestamp: minute(index),
    errorMessage: LONG,
    requestId: 'r'.repeat(40),
    attempts: 2,
    firstAttempt: { category: 'timeout', errorMessage: LONG, responseTimeMs: 9 },
  }),
);
const TRANSITIONS = [0, 1].map((index) => ({
  ...{ id: `${minute(index)}#alpha`, provider: 'alpha', at: minute(index), from: 'healthy', to: 'unhealthy' },
  ...{ category: 'server_error', fault: 'provider', errorMessage: LONG, lastedMs: 1 },
})) as unknown as Transition[];
const ALL = { checks: CHECKS, transitions: TRANSITIONS };

/** The item with so much in it already that what it carries, whole, takes it `over` bytes beyond 4 KB. */
function carrying(carried: { checks: HealthCheck[]; transitions: Transition[] }, over: number) {
  const free = 4096 - itemSize(withUnrecorded({ ...ITEM, filler: '' }, carried, 'test-model'));
  const item: Item = { ...ITEM, filler: 'x'.repeat(free + over) };
  const whole = withUnrecorded(item, carried, 'test-model');
  return { item, whole };
}

const bytes = (text: unknown) => Buffer.byteLength(String(text));
type Entry = { errorMessage: string; check: { req?: string; first?: { err: string } } };
const short = ({ errorMessage, check }: Entry) =>
  bytes(errorMessage) <= 60 && check.req === undefined && bytes(check.first?.err) <= 60;
/** Which texts are still long, and what is there: `e` of the item, `T`, `t` transitions, `C`, `c` checks. */
function room(item: Item): string {
  const transitions = (item.unrecordedTransitions ?? []) as { err: string }[];
  const checks = (item.unrecorded ?? []) as Entry[];
  return [
    bytes(item.errorMessage) > 300 ? 'E' : 'e',
    ...transitions.map(({ err }) => (bytes(err) > 60 ? 'T' : 't')),
    ...checks.map((entry) => (short(entry) ? 'c' : 'C')),
  ].join('');
}

describe('what an item carries', () => {
  it.each([
    ['is whole where there is room for all', 0, 'ETTCC'],
    ['costs the text of the last check first', 1, 'eTTCC'],
    ['costs the text of the oldest transition then', 310, 'etTCC'],
    ['costs the texts of all transitions then', 600, 'ettCC'],
    ['costs what only helps people in the oldest check then', 900, 'ettcC'],
    ['costs it in all checks then', 1400, 'ettcc'],
  ])('%s', (_, over, expected) => {
    const { whole } = carrying(ALL, over);
    expect(itemSize(whole)).toBeLessThanOrEqual(4096);
    expect(room(whole)).toBe(expected);
  });

  it('loses the oldest checks, then the oldest transitions, and at last everything', () => {
    const seen = new Set<string>();
    const { item } = carrying(ALL, 0);
    for (let size = String(item.filler).length; size < 4200; size += 20) {
      seen.add(room(withUnrecorded({ ...item, filler: 'x'.repeat(size) }, ALL, 'test-model')));
    }
    expect([...seen]).toEqual(['ETTCC', 'eTTCC', 'etTCC', 'ettCC', 'ettcC', 'ettcc', 'ettc', 'ett', 'et', 'E']);
  });

  it('keeps why the first attempt of a check failed, in short, and only of one that had two', () => {
    const once = failedCheck('server_error', { timestamp: minute(1), errorMessage: LONG });
    const { whole } = carrying({ checks: [...CHECKS.slice(0, 1), once], transitions: [] }, 900);
    const [twoAttempts, oneAttempt] = whole.unrecorded as [Entry, Entry];
    expect(twoAttempts.check.first?.err).toMatch(/^\u20ac{10,20}/);
    expect(bytes(twoAttempts.check.first?.err)).toBeLessThanOrEqual(60);
    expect(oneAttempt.check).not.toHaveProperty('first');
  });

  it('is nothing where it has no room, and the item is as it was', () => {
    const full: Item = { ...ITEM, filler: 'x'.repeat(4090) };
    expect(withUnrecorded(full, ALL, 'test-model')).toBe(full);
    expect(withUnrecorded(ITEM, { checks: [], transitions: [] }, 'test-model')).toBe(ITEM);
  });

  it('has no empty list', () => {
    expect(withUnrecorded(ITEM, { checks: CHECKS, transitions: [] }, 'test-model')).not.toHaveProperty(
      'unrecordedTransitions',
    );
    expect(withUnrecorded(ITEM, { checks: [], transitions: TRANSITIONS }, 'test-model')).not.toHaveProperty(
      'unrecorded',
    );
  });
});

describe('an item with many kinds of failures in its days', () => {
  const withDays = (days: unknown, size: number): Item => {
    const item = { ...ITEM, days };
    return { ...item, filler: 'x'.repeat(size - itemSize({ ...item, filler: '' })) };
  };
  const DAYS = 'd'.repeat(21);

  it.each([
    ['is as it was up to 4 KB', withDays(DAYS, 4096), false],
    ['has a shorter error above', withDays(DAYS, 4097), true],
    ['is as it was where its days are as usual', withDays('d'.repeat(20), 4097), false],
    ['is as it was where it has no days', withDays(7, 4097), false],
  ])('%s', (_, item, isShort) => {
    const within = withinLimit(item);
    expect(bytes(within.errorMessage) <= 300).toBe(isShort);
    if (!isShort) expect(within).toBe(item);
  });
});
