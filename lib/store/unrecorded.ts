/**
 * Checks that a STATUS item carries because their own items are not known to be written: together with the last check,
 * which the item holds anyway, all that a crash or a failed write could lose. They take what the item has left of 4 KB:
 * a dozen usual checks, two of those with the longest texts.
 */

import type { HealthCheck } from '../health/check.ts';
import { itemSize } from './item-size.ts';
import { readCheck, verifyCheck, writeCheck } from './items/check-attributes.ts';
import { optional, required } from './items/fields.ts';
import { EPOCH_MS, type Item, listOf, MAP } from './items/kinds.ts';
import { cut } from './items/text.ts';

/** Most checks that a status carries: at one a minute, what twelve minutes of a table that takes no checks leave. */
export const MOST_UNRECORDED = 12;
/** No item is larger, and a read unit is as much. */
const MOST_BYTES = 4096;
/** Characters of two days without failures, or with few: no item is too large by those. */
const USUAL_DAYS = 20;
/** Of the texts of an entry that has to be short, and of the last check's beside entries that do not fit. */
const SHORT_BYTES = 60;
const LAST_CHECK_BYTES = 300;

const ENTRIES = listOf(MAP);

/**
 * The item with as many of the checks as it has room for, the newest ones; the texts of the oldest are shortened first.
 *
 * @param checks Oldest first.
 */
export function withUnrecorded(item: Item, checks: readonly HealthCheck[], usualModel: string): Item {
  if (checks.length === 0) return item;
  const kept = checks.slice(-MOST_UNRECORDED).map((check) => entryOf(check, usualModel));
  const fits = (candidate: Item) => itemSize(candidate) <= MOST_BYTES;
  const base = fits({ ...item, unrecorded: kept }) ? item : shortened(item, LAST_CHECK_BYTES);
  for (let index = 0; index < kept.length && !fits({ ...base, unrecorded: kept }); index++) {
    kept[index] = brief(kept[index] ?? {});
  }
  while (kept.length > 0 && !fits({ ...base, unrecorded: kept })) kept.shift();
  return kept.length > 0 ? { ...base, unrecorded: kept } : item;
}

/** The item with a shorter error where failures of many kinds leave it no room. */
export function withinLimit(item: Item): Item {
  const { days } = item;
  if (typeof days !== 'string' || days.length <= USUAL_DAYS || itemSize(item) <= MOST_BYTES) return item;
  return shortened(item, LAST_CHECK_BYTES);
}

/** Oldest first. @throws {ItemError} */
export function unrecordedChecks(item: Item, provider: string, usualModel: string): HealthCheck[] {
  return optional(item, 'unrecorded', ENTRIES, []).map((entry) => {
    const timestamp = new Date(required(entry, 'at', EPOCH_MS)).toISOString();
    verifyCheck(entry);
    return readCheck(entry, provider, timestamp, usualModel);
  });
}

function entryOf(check: HealthCheck, usualModel: string): Item {
  return shortened(writeCheck(check, usualModel, { at: Date.parse(check.timestamp) }), LAST_CHECK_BYTES);
}

/** An entry with short texts, and without those that only help people. */
function brief(entry: Item): Item {
  const { warn, req, first, ...check } = entry.check as { warn?: string; req?: string; first?: { err: string } };
  const shortFirst = first && { ...first, err: cut(first.err, SHORT_BYTES, SHORT_BYTES) };
  return { ...shortened(entry, SHORT_BYTES), check: { ...check, ...(shortFirst && { first: shortFirst }) } };
}

function shortened(item: Item, bytes: number): Item {
  const { errorMessage } = item;
  return typeof errorMessage === 'string' ? { ...item, errorMessage: cut(errorMessage, bytes, bytes) } : item;
}
