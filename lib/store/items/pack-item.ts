/**
 * Packs: the checks of one group of providers in one tick, as one item with compressed text. Each provider's own partition has,
 * for each day, the place of its checks: the group, and the slot in it.
 *
 *   CHECKS#<group>   2026-03-01T10:00:00.000Z#0fffff   checks of 20 providers; the number has a bit for each slot in the pack
 *   CHECKS#<group>   @2026-03-01                       mark: all places of this day are written
 *   CHECK#<id>       @2026-03-01#<group>               place: slot 7, model …
 *
 * The key contains the slots, so writing a pack again replaces only the same pack.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { HealthCheck } from '../../health/check.ts';
import type { CheckPlace } from '../check-groups.ts';
import { writeCheck } from './check-attributes.ts';
import { expiring, RETENTION } from './expiry.ts';
import { ItemError, required, SCHEMA_VERSION } from './fields.ts';
import { checkKey, checkPartition, type Key, packPartition } from './keys.ts';
import type { Item } from './kinds.ts';

/**
 * Texts that most packs contain, so that no item needs to store them; this saves a tenth of a pack. It is part of the format,
 * so it can change only together with the version of the items.
 */
const DICTIONARY = Buffer.from(
  '"errorMessage":"expected an answer within 10 s, got none","category":"timeout","fault":"provider"' +
    'rate_limitedoverloadedserver_errorauthquota"fault":"ours","retryMs":"manual":true,"maint":true,"first":{"cat":"err":' +
    '"model":"probe":"models""probe":"stream","rate":"unsure":true"req":"chatcmpl-resp_msg_0req_0' +
    '"new":false}},null,null,null,null,null]{"responseTimeMs":,"check":{"code":200,"ms":[.,"tokens":[8,1],"req":"req_","new":true}},',
);
/** A place is kept this many days longer than a check at the beginning of its day, for the checks at the end of the day. */
const MORE_DAYS = 1;
/** The most bytes to decompress. A pack has a few kilobytes. */
const MOST_BYTES = 1_000_000;

/** @param checks The checks of one time and one group, by slot. */
export function packItem(
  group: string,
  timestamp: string,
  checks: ReadonlyMap<number, HealthCheck>,
  keptDays = RETENTION.checks,
): Item {
  const slots = [...checks].sort(([a], [b]) => a - b);
  const rows = slots.map(([, check]) => writeCheck(check, check.model));
  const text = JSON.stringify(rows);
  return {
    pk: packPartition(group),
    sk: `${timestamp}#${maskOf(slots.map(([slot]) => slot)).toString(16)}`,
    v: SCHEMA_VERSION,
    ...expiring(timestamp, keptDays),
    checks: new Uint8Array(deflateRawSync(text, { level: 9, dictionary: DICTIONARY })),
  };
}

/** The keys of the packs from one time to another, both inclusive. If `before` is earlier, the range ends there. */
export function packRange(group: string, first: string, last: string, before: string | null) {
  return { pk: packPartition(group), first, last: before !== null && before <= last ? before : `${last}#~` };
}

/** When the checks of a pack were made. */
export function timeOfPack(sk: string): string {
  return sk.split('#')[0] ?? '';
}

/**
 * The check at a place, in the form of a CHECK item; null when the pack has no check for the slot. If the pack cannot be
 * understood, the returned item cannot be understood either, so that the page reports it.
 */
export function itemFromPack(pack: Item, provider: string, { slot, model }: CheckPlace): Item | null {
  const [timestamp = '', mask = ''] = String(pack.sk).split('#');
  const slots = BigInt(`0x${/^[0-9a-f]+$/.test(mask) ? mask : '0'}`);
  if (((slots >> BigInt(slot)) & 1n) === 0n) return null;
  const key = checkKey(provider, timestamp);
  try {
    const row = rowsOf(pack)[countBits(slots & ((1n << BigInt(slot)) - 1n))];
    return { ...row, ...key, v: pack.v, model };
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    return { ...key, v: pack.v, model, responseTimeMs: error.message };
  }
}

export function placeItem(
  provider: string,
  day: string,
  { group, slot, model }: CheckPlace,
  keptDays = RETENTION.checks,
): Item {
  return {
    pk: checkPartition(provider),
    sk: `@${day}#${group}`,
    v: SCHEMA_VERSION,
    ...expiring(day, keptDays + MORE_DAYS),
    slot,
    model,
  };
}

/** @throws {ItemError} */
export function placeFromItem(item: Item): { day: string; place: CheckPlace } {
  const [day = '', group = ''] = required(item, 'sk', 'text').slice(1).split('#');
  return { day, place: { group, slot: required(item, 'slot', 'number'), model: required(item, 'model', 'text') } };
}

/** The keys of a provider's places for the days of a span. */
export function placesRange(provider: string, first: string, last: string) {
  return { pk: checkPartition(provider), first: `@${first.slice(0, 10)}`, last: `@${last.slice(0, 10)}#~` };
}

/** Key of the mark that all places of a group and a day are written. */
export function placedKey(group: string, day: string): Key {
  return { pk: packPartition(group), sk: `@${day}` };
}

export function placedItem(group: string, day: string, keptDays = RETENTION.checks): Item {
  return { ...placedKey(group, day), v: SCHEMA_VERSION, ...expiring(day, keptDays + MORE_DAYS) };
}

/** @throws {ItemError} */
function rowsOf({ checks }: Item): Item[] {
  if (!(checks instanceof Uint8Array)) throw new ItemError(`checks: expected bytes, got ${typeof checks}`);
  try {
    const text = inflateRawSync(checks, { dictionary: DICTIONARY, maxOutputLength: MOST_BYTES }).toString();
    const rows: unknown = JSON.parse(text);
    if (Array.isArray(rows)) return rows;
  } catch {
    // The error below is clearer than those of zlib and JSON.
  }
  throw new ItemError(`checks: expected a compressed list of checks, got ${checks.length} other bytes`);
}

function maskOf(slots: readonly number[]): bigint {
  return slots.reduce((mask, slot) => mask | (1n << BigInt(slot)), 0n);
}

function countBits(mask: bigint): number {
  return mask.toString(2).replaceAll('0', '').length;
}
