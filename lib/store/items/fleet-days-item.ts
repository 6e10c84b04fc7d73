/**
 * A FLEET item: the finished days of a shard's providers, as compressed text with one line for each provider: about a hundred
 * bytes each. It is written once a day, and read for the overview page.
 *
 *   openai 2026-03-01 2025-12-02:1440 1440/3!timeout*3 - 1440 …
 *
 * A line has the id, the last day, and a word for each day from the first one with checks; `-` for a day without checks.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type DayCounts, dayAfter } from '../../health/uptime/day-counts.ts';
import { DAYS_SHOWN, type WholeDays, withoutUnfinished } from '../../health/uptime/past-days.ts';
import { dayCountsFromWord, dayCountsWord } from './day-counts-text.ts';
import { expiring, isExpired } from './expiry.ts';
import { checkVersion, ItemError, required, SCHEMA_VERSION } from './fields.ts';
import { fleetDaysKey } from './keys.ts';
import type { Item } from './kinds.ts';

/** An item may have 400 KB. The compressed text has at most a third of these characters. */
const MOST_TEXT_LENGTH = 300_000;
/** The most bytes to decompress. This product never writes more. */
const MOST_BYTES = 4_000_000;
const NO_CHECKS = '-';

/** @param shard Name of the shard. */
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
      // Base64, because the store in memory keeps items as JSON.
      days: deflateRawSync(part.map(({ line }) => line).join('\n'), { level: 9 }).toString('base64'),
    };
  });
}

/** The finished days by provider. If a provider is in several items, the newest counts. */
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

/** At least one part: for a shard without providers, an empty item replaces the old one. */
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
