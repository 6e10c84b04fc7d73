/**
 * Unrecorded checks and transitions: a STATUS item carries them until their own items are surely written, so that a crash or a
 * failed write loses none. They use the space that the item has left of 4 KB: a dozen usual checks, or two with the longest
 * texts.
 */

import type { HealthCheck } from '../health/check.ts';
import type { Transition } from '../health/transition.ts';
import { itemSize } from './item-size.ts';
import { readCheck, verifyCheck, writeCheck } from './items/check-attributes.ts';
import { optional, required } from './items/fields.ts';
import type { Item } from './items/kinds.ts';
import { readTransition, verifyTransition, writeTransition } from './items/stored-transition.ts';
import { cut } from './items/text.ts';

/** The most checks, and the most transitions, that a status carries. With one check a minute, this covers twelve minutes. */
export const MOST_UNRECORDED = 12;
/** The largest size of a STATUS item: one read unit. */
const MOST_BYTES = 4096;
/** Characters for the counts of two days with few failures. With so few, no item is too large. */
const USUAL_DAYS = 20;
/** Limits for texts when there is too little space: of an unrecorded entry, and of the last check. */
const SHORT_BYTES = 60;
const LAST_CHECK_BYTES = 300;

/** The unrecorded checks and transitions of a status, oldest first. */
export interface Carried {
  checks: readonly HealthCheck[];
  transitions: readonly Transition[];
}

/**
 * Adds the checks and transitions to the item, as many as fit. First texts are shortened, beginning with the oldest entry. Then
 * the oldest checks are dropped, and last the oldest transitions, because they are smaller and are kept longer.
 */
export function withUnrecorded(item: Item, { checks, transitions }: Carried, usualModel: string): Item {
  // The usual case, on each write of a status: the size need not be counted.
  if (checks.length + transitions.length === 0) return item;
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

/** Shortens the item's error message if the counts of failures by category make the item too large. */
export function withinLimit(item: Item): Item {
  const { days } = item;
  if (typeof days !== 'string' || days.length <= USUAL_DAYS || itemSize(item) <= MOST_BYTES) return item;
  return shortened(item, 'errorMessage', LAST_CHECK_BYTES);
}

/** The unrecorded checks of an item, oldest first. @throws {ItemError} */
export function unrecordedChecks(item: Item, provider: string, usualModel: string): HealthCheck[] {
  return optional(item, 'unrecorded', 'maps', []).map((entry) => {
    const timestamp = new Date(required(entry, 'at', 'epochMs')).toISOString();
    verifyCheck(entry);
    return readCheck(entry, provider, timestamp, usualModel);
  });
}

/** The unrecorded transitions of an item, oldest first. @throws {ItemError} */
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

/** An entry with short texts, and without the warning and the request's id. */
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
