/**
 * A FLEET item: the days that are over of the providers of a shard, a line each, compressed: some hundred bytes a
 * provider. It is read for the page of the whole fleet, and written once a day.
 *
 *   openai 2026-03-01 2025-12-02:1440 1440/3!timeout*3 - 1440 …
 *
 * After the id the last day that is in; then each day from the first that had checks, `-` for one without.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type DayCounts, dayAfter } from '../../health/uptime/day-counts.ts';
import { DAYS_SHOWN, type WholeDays, withoutUnfinished } from '../../health/uptime/past-days.ts';
import { dayCountsFromWord, dayCountsWord } from './day-counts-text.ts';
import { expiring, isExpired } from './expiry.ts';
import { checkVersion, ItemError, required, SCHEMA_VERSION } from './fields.ts';
import { fleetDaysKey } from './keys.ts';
import type { Item } from './kinds.ts';

/** An item may have 400 KB. What is compressed here is at most a third of its text. */
const MOST_TEXT_LENGTH = 300_000;
/** Most that is read: this product writes no larger item. */
const MOST_BYTES = 4_000_000;
const NO_CHECKS = '-';

/** @param shard Whose providers they are. */
export function fleetDaysItems(shard: string, providers: readonly WholeDays[]): Item[] {
  return partsOf(providers).map((part, i) => {
    const newest =
      part
        .map(({ through }) => through)
        .sort()
        .at(-1) ?? '';
    return {
      ...fleetDaysKey(shard, i),
      v: SCHEMA_VERSION,
      ...(newest !== '' && expiring(newest, DAYS_SHOWN)),
      // A text, since the store in memory keeps items as JSON.
      days: deflateRawSync(part.map(({ line }) => line).join('\n'), { level: 9 }).toString('base64'),
    };
  });
}

/** By provider, the newest of each. */
export function fleetDaysFromItems(items: readonly Item[], now: Date): Map<string, WholeDays> {
  const found = new Map<string, WholeDays>();
  for (const item of items) {
    if (isExpired(item, now)) continue;
    for (const one of understood(item)) {
      const days = withoutUnfinished(one, now);
      if ((found.get(days.provider)?.through ?? '') < days.through) found.set(days.provider, days);
    }
  }
  return found;
}

function understood(item: Item): WholeDays[] {
  try {
    checkVersion(item);
    const text = textFrom(required(item, 'days', 'text'));
    return text === '' ? [] : text.split('\n').map(daysFromLine);
  } catch (error) {
    if (error instanceof ItemError) return [];
    throw error;
  }
}

interface Line {
  through: string;
  line: string;
}

/** At least one part, so that a shard that has no providers left has no days left either. */
function partsOf(providers: readonly WholeDays[]): Line[][] {
  const parts: Line[][] = [[]];
  let length = 0;
  for (const days of providers) {
    const line = lineOf(days);
    if (length + line.length > MOST_TEXT_LENGTH) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push({ through: days.through, line });
    length += line.length + 1;
  }
  return parts;
}

function lineOf({ provider, through, days }: WholeDays): string {
  const words = [provider, through];
  let next: string | null = null;
  for (const counts of days) {
    if (next === null) words.push(`${counts.day}:${dayCountsWord(counts)}`);
    else {
      for (; next < counts.day; next = dayAfter(next)) words.push(NO_CHECKS);
      words.push(dayCountsWord(counts));
    }
    next = dayAfter(counts.day);
  }
  return words.join(' ');
}

/** @throws {ItemError} */
function daysFromLine(line: string): WholeDays {
  const [provider = '', through = '', first, ...words] = line.split(' ');
  if (!isDay(through)) throw unreadableLine(line);
  const days: DayCounts[] = [];
  if (first !== undefined) {
    const [day = '', word = ''] = first.split(':');
    if (!isDay(day)) throw unreadableLine(line);
    [word, ...words].forEach((one, i) => {
      if (one !== NO_CHECKS) days.push(dayCountsFromWord('days', dayAfter(day, i), one));
    });
  }
  return { provider, through, days };
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function unreadableLine(line: string): ItemError {
  return new ItemError(`days: expected a provider, a day and counts, got "${line.slice(0, 40)}"`);
}

/** @throws {ItemError} */
function textFrom(compressed: string): string {
  try {
    return inflateRawSync(Buffer.from(compressed, 'base64'), { maxOutputLength: MOST_BYTES }).toString();
  } catch {
    throw new ItemError(`days: expected a compressed text, got ${compressed.length} other characters`);
  }
}
