/** A DAY item: one day of one provider in figures, in at most 3 KB. */

import { CATEGORIES, type Category } from '../../health/category.ts';
import type { DayHistory } from '../../health/uptime/history.ts';
import type { Tally } from '../../health/uptime/tally.ts';
import type { TimeRange } from '../store.ts';
import { distributionFromText, distributionText } from './distribution-text.ts';
import { expiring, RETENTION } from './expiry.ts';
import {
  checkVersion,
  type Item,
  ItemError,
  MAP,
  NUMBER,
  optional,
  required,
  SCHEMA_VERSION,
  TEXT,
  TIME,
} from './fields.ts';
import { dayKey, dayPartition } from './keys.ts';

/** Of the three distributions together: 90 days are then some 200 kB, 25 read units. */
const MOST_TEXT_LENGTH = 2400;

const KNOWN: ReadonlySet<string> = new Set(CATEGORIES);

export function dayItem({ provider, day, through, hours, tally }: DayHistory, days = RETENTION.days): Item {
  return {
    ...dayKey(provider, day),
    v: SCHEMA_VERSION,
    ...expiring(day, days),
    through,
    hours,
    checks: tally.checks,
    outages: tally.outages,
    maintenance: tally.maintenance,
    failures: tally.failures,
    observedSeconds: tally.observedMs / 1000,
    ...distributionAttributes(tally),
  };
}

/** The keys of the days that begin within the range. */
export function daysRange(provider: string, { from, to }: TimeRange) {
  return { pk: dayPartition(provider), first: dateOf(from, 'next'), last: dateOf(to, 'same') };
}

/** The days that can be understood. */
export function daysFromItems(provider: string, items: readonly Item[]): DayHistory[] {
  return items.flatMap((item) => {
    try {
      return [dayFromItem(provider, item)];
    } catch (error) {
      if (error instanceof ItemError) return [];
      throw error;
    }
  });
}

/** @throws {ItemError} */
function dayFromItem(provider: string, item: Item): DayHistory {
  checkVersion(item);
  const stepMs = required(item, 'stepMs', NUMBER);
  const distribution = (name: string) => distributionFromText(name, optional(item, name, TEXT, ''), stepMs);
  return {
    provider,
    day: required(item, 'sk', TEXT),
    through: required(item, 'through', TIME),
    hours: required(item, 'hours', NUMBER),
    tally: {
      checks: required(item, 'checks', NUMBER),
      outages: required(item, 'outages', NUMBER),
      maintenance: required(item, 'maintenance', NUMBER),
      failures: failuresFrom(required(item, 'failures', MAP)),
      observedMs: required(item, 'observedSeconds', NUMBER) * 1000,
      answered: distribution('answered'),
      listed: distribution('listed'),
      firstTokens: distribution('firstTokens'),
    },
  };
}

/** At the finest step at which all three fit. */
function distributionAttributes({ answered, listed, firstTokens }: Tally): Item {
  for (let stepMs = 1; ; stepMs *= 2) {
    const texts = {
      answered: distributionText(answered, stepMs),
      listed: distributionText(listed, stepMs),
      firstTokens: distributionText(firstTokens, stepMs),
    };
    const length = texts.answered.length + texts.listed.length + texts.firstTokens.length;
    if (length > MOST_TEXT_LENGTH) continue;
    return { stepMs, ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')) };
  }
}

/** @throws {ItemError} */
function failuresFrom(map: Item): Tally['failures'] {
  const failures: Partial<Record<Category, number>> = {};
  for (const category of Object.keys(map)) {
    if (!isCategory(category)) throw new ItemError(`failures: expected categories of failure, got "${category}"`);
    failures[category] = required(map, category, NUMBER);
  }
  return failures;
}

function isCategory(text: string): text is Category {
  return KNOWN.has(text);
}

/** The first day that begins at or after a time, or the last that begins at or before it. */
function dateOf(time: string, which: 'next' | 'same'): string {
  const iso = new Date(time).toISOString();
  const date = iso.slice(0, 10);
  if (which === 'same' || iso.endsWith('T00:00:00.000Z')) return date;
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}
