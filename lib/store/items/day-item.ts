/** A DAY item: the figures of one day of one provider, at most 3 KB. */

import { dayAfter } from '../../health/uptime/day-counts.ts';
import type { DayHistory } from '../../health/uptime/history.ts';
import type { Tally } from '../../health/uptime/tally.ts';
import type { TimeRange } from '../store.ts';
import { type AttributeTable, always, parseAttributes, writeAttributes } from './attribute-table.ts';
import { distributionFromText, distributionText } from './distribution-text.ts';
import { expiring, RETENTION } from './expiry.ts';
import { checkVersion, ItemError, optional, required, SCHEMA_VERSION } from './fields.ts';
import { dayKey, dayPartition } from './keys.ts';
import type { Item } from './kinds.ts';

/** Characters of the three distributions together. With this limit, 90 days are about 200 kB: 25 read units. */
const MOST_TEXT_LENGTH = 2400;

const FIELDS: AttributeTable<Pick<DayHistory, 'day' | 'through' | 'hours'>> = {
  day: always('text', 'sk'),
  through: always('time'),
  hours: always('number'),
};

type Distributions = 'answered' | 'listed' | 'firstTokens';

const COUNTS: AttributeTable<Omit<Tally, Distributions | 'observedMs'>> = {
  checks: always('number'),
  outages: always('number'),
  maintenance: always('number'),
  failures: always('numbersByCategory'),
};

export function dayItem(history: DayHistory, days = RETENTION.days): Item {
  const { provider, day, tally } = history;
  const item = { ...dayKey(provider, day), v: SCHEMA_VERSION, ...expiring(day, days) };
  writeAttributes(FIELDS, history, item);
  writeAttributes(COUNTS, tally, item);
  return { ...item, observedSeconds: tally.observedMs / 1000, ...distributionAttributes(tally) };
}

/** The keys of the days that begin within the range. */
export function daysRange(provider: string, { from, to }: TimeRange) {
  return { pk: dayPartition(provider), first: dateOf(from, 'next'), last: dateOf(to, 'same') };
}

/** The days in items. Items that cannot be understood are left out. */
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
  const stepMs = required(item, 'stepMs', 'number');
  const distribution = (name: Distributions) => distributionFromText(name, optional(item, name, 'text', ''), stepMs);
  return {
    provider,
    ...parseAttributes(FIELDS, item),
    tally: {
      ...parseAttributes(COUNTS, item),
      observedMs: required(item, 'observedSeconds', 'number') * 1000,
      answered: distribution('answered'),
      listed: distribution('listed'),
      firstTokens: distribution('firstTokens'),
    },
  };
}

/** The distributions, rounded to the smallest step with which all three fit. */
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

/** `next`: the first day that begins at a time or after it. `same`: the day that contains the time. */
function dateOf(time: string, which: 'next' | 'same'): string {
  const iso = new Date(time).toISOString();
  const date = iso.slice(0, 10);
  if (which === 'same' || iso.endsWith('T00:00:00.000Z')) return date;
  return dayAfter(date);
}
