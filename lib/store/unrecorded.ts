/**
 * Checks and transitions that a STATUS item carries because their own items are not known to be written: together with the
 * last ones, which the item holds anyway, all that a crash or a failed write could lose. They take what the item has left
 * of 4 KB: a dozen usual checks, two of those with the longest texts.
 */

import type { HealthCheck } from '../health/check.ts';
import type { Transition } from '../health/transition.ts';
import { itemSize } from './item-size.ts';
import { readCheck, verifyCheck, writeCheck } from './items/check-attributes.ts';
import { optional, required } from './items/fields.ts';
import type { Item } from './items/kinds.ts';
import { readTransition, verifyTransition, writeTransition } from './items/stored-transition.ts';
import { cut } from './items/text.ts';

/** Most checks, and most transitions, that a status carries: at one a minute, what twelve minutes of a table that takes no checks leave. */
export const MOST_UNRECORDED = 12;
/** No item is larger, and a read unit is as much. */
const MOST_BYTES = 4096;
/** Characters of two days without failures, or with few: no item is too large by those. */
const USUAL_DAYS = 20;
/** Of the texts of an entry that has to be short, and of the last check's beside entries that do not fit. */
const SHORT_BYTES = 60;
const LAST_CHECK_BYTES = 300;

/** What a status carries, oldest first. */
export interface Carried {
  checks: readonly HealthCheck[];
  transitions: readonly Transition[];
}

/**
 * The item with as many of the checks and transitions as it has room for, the newest ones. The texts of the oldest are
 * shortened first; transitions, which are kept longer and are smaller, are dropped last.
 */
export function withUnrecorded(item: Item, { checks, transitions }: Carried, usualModel: string): Item {
  const ofChecks = checks.slice(-MOST_UNRECORDED).map((check) => entryOf(check, usualModel));
  const ofTransitions = transitions.slice(-MOST_UNRECORDED).map((transition) => writeTransition(transition, null));
  const withAll = (base: Item): Item => ({
    ...base,
    ...(ofChecks.length > 0 && { unrecorded: ofChecks }),
    ...(ofTransitions.length > 0 && { unrecordedTransitions: ofTransitions }),
  });
  let base = item;
  const isTooLarge = () => itemSize(withAll(base)) > MOST_BYTES;
  if (isTooLarge()) base = shortened(item, 'errorMessage', LAST_CHECK_BYTES);
  for (let i = 0; i < ofTransitions.length && isTooLarge(); i++) {
    ofTransitions[i] = shortened(ofTransitions[i] ?? {}, 'err', SHORT_BYTES);
  }
  for (let i = 0; i < ofChecks.length && isTooLarge(); i++) ofChecks[i] = brief(ofChecks[i] ?? {});
  while (ofChecks.length > 0 && isTooLarge()) ofChecks.shift();
  while (ofTransitions.length > 0 && isTooLarge()) ofTransitions.shift();
  return ofChecks.length + ofTransitions.length > 0 ? withAll(base) : item;
}

/** The item with a shorter error where failures of many kinds leave it no room. */
export function withinLimit(item: Item): Item {
  const { days } = item;
  if (typeof days !== 'string' || days.length <= USUAL_DAYS || itemSize(item) <= MOST_BYTES) return item;
  return shortened(item, 'errorMessage', LAST_CHECK_BYTES);
}

/** Oldest first. @throws {ItemError} */
export function unrecordedChecks(item: Item, provider: string, usualModel: string): HealthCheck[] {
  return optional(item, 'unrecorded', 'maps', []).map((entry) => {
    const timestamp = new Date(required(entry, 'at', 'epochMs')).toISOString();
    verifyCheck(entry);
    return readCheck(entry, provider, timestamp, usualModel);
  });
}

/** Oldest first. @throws {ItemError} */
export function unrecordedTransitions(item: Item, provider: string): Transition[] {
  return optional(item, 'unrecordedTransitions', 'maps', []).map((map) => {
    verifyTransition(map);
    return readTransition(map, provider, null);
  });
}

function entryOf(check: HealthCheck, usualModel: string): Item {
  const entry = writeCheck(check, usualModel, { at: Date.parse(check.timestamp) });
  return shortened(entry, 'errorMessage', LAST_CHECK_BYTES);
}

/** An entry with short texts, and without those that only help people. */
function brief(entry: Item): Item {
  const { warn, req, first, ...check } = entry.check as { warn?: string; req?: string; first?: { err: string } };
  const shortFirst = first && { ...first, err: cut(first.err, SHORT_BYTES, SHORT_BYTES) };
  return {
    ...shortened(entry, 'errorMessage', SHORT_BYTES),
    check: { ...check, ...(shortFirst && { first: shortFirst }) },
  };
}

function shortened(item: Item, name: string, bytes: number): Item {
  const text = item[name];
  return typeof text === 'string' ? { ...item, [name]: cut(text, bytes, bytes) } : item;
}
