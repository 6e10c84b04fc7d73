/**
 * The counts of a day as one readable word: `1440`, `1440/3!timeout*2!overloaded`.
 *
 *   checks [ "/" outages ] { "!" category [ "*" count ] }
 */

import type { Category } from '../../health/category.ts';
import { type DayCounts, dayAfter } from '../../health/uptime/day-counts.ts';
import { ItemError } from './fields.ts';
import { KINDS } from './kinds.ts';

const WORD = /^(\d+)(?:\/(\d+))?((?:![a-z_]+(?:\*\d+)?)*)$/;

export function dayCountsWord({ checks, outages, failures }: DayCounts): string {
  const failed = Object.entries(failures).map(([category, count]) => `!${category}${count === 1 ? '' : `*${count}`}`);
  return `${checks}${outages === 0 ? '' : `/${outages}`}${failed.join('')}`;
}

/** @throws {ItemError} */
export function dayCountsFromWord(name: string, day: string, word: string): DayCounts {
  const [, checks, outages = '0', failed = ''] = WORD.exec(word) ?? [];
  const entries = failed
    .split('!')
    .slice(1)
    .map((one) => one.split('*'));
  if (checks === undefined || entries.some(([category]) => !KINDS.category.is(category))) {
    throw new ItemError(`${name}: expected checks, outages and failures by category, got "${word.slice(0, 40)}"`);
  }
  const failures: Partial<Record<Category, number>> = Object.fromEntries(
    entries.map(([category, count = '1']) => [category, Number(count)]),
  );
  return { day, checks: Number(checks), outages: Number(outages), failures };
}

/** Counts of the day of the last check and of the day before, newest first: `812/3!timeout*3 1440`. */
export function dayCountsText(counts: readonly DayCounts[]): string {
  return counts.map(dayCountsWord).reverse().join(' ');
}

/**
 * The counts in a text, oldest first.
 *
 * @param newest The day of the first word.
 * @throws {ItemError}
 */
export function dayCountsFromText(name: string, text: string, newest: string): DayCounts[] {
  return text
    .split(' ')
    .map((word, i) => dayCountsFromWord(name, dayAfter(newest, -i), word))
    .reverse();
}
