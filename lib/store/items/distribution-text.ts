/**
 * A distribution as one text. It has a word for each measured time, in ascending order: the difference to the previous time in
 * base 36, and `*` with the count if it is above one. `a 1*3 2` is 10 ms once, 11 ms three times, 13 ms once.
 *
 * If the text is too long for the item, times are rounded to multiples of 2, 4, 8, … ms. A day with one check a minute around
 * 400 ms stays exact; times that spread over many seconds are rounded by a few milliseconds.
 */

import type { Distribution } from '../../health/uptime/distribution.ts';
import { ItemError } from './fields.ts';

const BASE = 36;
const WORD = /^([0-9a-z]+)(?:\*([0-9a-z]+))?$/;

export function distributionText(distribution: Distribution, stepMs: number): string {
  let previous = 0;
  return [...rounded(distribution, stepMs)]
    .sort(([a], [b]) => a - b)
    .map(([steps, count]) => {
      const delta = (steps - previous).toString(BASE);
      previous = steps;
      return count === 1 ? delta : `${delta}*${count.toString(BASE)}`;
    })
    .join(' ');
}

/** @throws {ItemError} */
export function distributionFromText(name: string, text: string, stepMs: number): Distribution {
  const distribution = new Map<number, number>();
  if (text === '') return distribution;
  let steps = 0;
  for (const word of text.split(' ')) {
    const [, delta, count = '1'] = WORD.exec(word) ?? [];
    if (delta === undefined) {
      throw new ItemError(`${name}: expected steps and counts in base 36, got "${word.slice(0, 40)}"`);
    }
    steps += Number.parseInt(delta, BASE);
    distribution.set(steps * stepMs, Number.parseInt(count, BASE));
  }
  return distribution;
}

/** The counts by multiples of the step, each time rounded to the nearest one. */
function rounded(distribution: Distribution, stepMs: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [ms, count] of distribution) {
    const steps = Math.round(ms / stepMs);
    counts.set(steps, (counts.get(steps) ?? 0) + count);
  }
  return counts;
}
