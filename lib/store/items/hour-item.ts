/**
 * HOUR items: the checks of one hour, and their number by outcome for other programs. With one check a minute, an hour is one
 * item of about 700 bytes. With short intervals an hour is several items, so that none is above 4 KB.
 */

import type { HourHistory } from '../../health/uptime/history.ts';
import type { Observation } from '../../health/uptime/observation.ts';
import type { TimeRange } from '../store.ts';
import { expiring, RETENTION } from './expiry.ts';
import { checkVersion, ItemError, required, SCHEMA_VERSION } from './fields.ts';
import { hourKey, hourPartition } from './keys.ts';
import type { Item } from './kinds.ts';
import { observationFromWord, observationWord } from './observation-text.ts';

/** Leaves room for the keys and the counts by category. */
const MOST_TEXT_LENGTH = 3300;

/**
 * The items of an hour, in the order in which to write them. The item with part 0 is last: it has the number of parts, so an
 * hour that was only half written does not count as present.
 */
export function hourItems({ provider, hour, observations }: HourHistory, days = RETENTION.hours): Item[] {
  const parts = partsOf(observations, Date.parse(hour));
  return parts
    .map((part, i) => ({
      ...hourKey(provider, hour, i),
      v: SCHEMA_VERSION,
      ...expiring(hour, days),
      ...(i === 0 && parts.length > 1 && { parts: parts.length }),
      everySeconds: (part.observations[0]?.intervalMs ?? 0) / 1000,
      counts: countsOf(part.observations),
      checks: part.words.join(' '),
    }))
    .reverse();
}

/** The keys of the hours that begin within the range. */
export function hoursRange(provider: string, { from, to }: TimeRange) {
  // The parts of an hour follow it: "#" and a number.
  return { pk: hourPartition(provider), first: new Date(from).toISOString(), last: `${new Date(to).toISOString()}#~` };
}

/** The hours in items. Hours that are incomplete or cannot be understood are left out. @param items Ordered by key. */
export function hoursFromItems(provider: string, items: readonly Item[]): HourHistory[] {
  const byHour = new Map<string, Item[]>();
  for (const item of items) {
    const hour = String(item.sk).split('#')[0] ?? '';
    byHour.set(hour, [...(byHour.get(hour) ?? []), item]);
  }
  return [...byHour].flatMap(([hour, parts]) => {
    try {
      return [{ provider, hour, observations: observationsFrom(hour, parts) }];
    } catch (error) {
      if (error instanceof ItemError) return [];
      throw error;
    }
  });
}

/** @throws {ItemError} */
function observationsFrom(hour: string, items: readonly Item[]): Observation[] {
  const [first = {}] = items;
  const expected = first.parts ?? 1;
  if (first.sk !== hour || items.length !== expected) {
    throw new ItemError(`sk: expected the ${expected} parts of ${hour}, got ${items.length}`);
  }
  const hourMs = Date.parse(hour);
  return items.flatMap((item) => {
    checkVersion(item);
    const intervalMs = required(item, 'everySeconds', 'number') * 1000;
    return required(item, 'checks', 'text')
      .split(' ')
      .map((word) => observationFromWord(word, hourMs, intervalMs));
  });
}

interface Part {
  observations: Observation[];
  words: string[];
  length: number;
}

function partsOf(observations: readonly Observation[], hourMs: number): Part[] {
  const parts: Part[] = [];
  for (const observation of observations) {
    const word = observationWord(observation, hourMs);
    let part = parts.at(-1);
    const fits = part && part.length + word.length < MOST_TEXT_LENGTH;
    if (!part || !fits || part.observations[0]?.intervalMs !== observation.intervalMs) {
      part = { observations: [], words: [], length: 0 };
      parts.push(part);
    }
    part.observations.push(observation);
    part.words.push(word);
    part.length += word.length + 1;
  }
  return parts;
}

/** The number of good checks (`ok`), and of failed checks by category. */
function countsOf(observations: readonly Observation[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { failure } of observations) {
    const outcome = failure?.category ?? 'ok';
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
