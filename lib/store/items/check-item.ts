/**
 * A check in the table: as a CHECK item of its own, and as the last check in its provider's STATUS. Both have the
 * measured time and the failure in plain attributes, for other programs, and the rest in one compact map.
 */

import { CATEGORIES, type Fault } from '../../health/category.ts';
import { type HealthCheck, MAX_MESSAGE_LENGTH, type Timings } from '../../health/check.ts';
import { PROBE_KINDS } from '../../health/provider.ts';
import { expiring, RETENTION } from './expiry.ts';
import {
  absentOr,
  checked,
  checkVersion,
  compact,
  FLAG,
  type Item,
  ItemError,
  type Kind,
  type Kinds,
  listOf,
  MAP,
  NUMBER,
  nullable,
  oneOf,
  required,
  SCHEMA_VERSION,
  TEXT,
} from './fields.ts';
import { checkKey, providerOfCheckPartition } from './keys.ts';
import { type CheckMap, checkFrom, type FirstAttemptMap, type StoredCheck, USUAL_PROBE } from './stored-check.ts';
import { cut } from './text.ts';

/**
 * Bytes of UTF-8 for what a provider may say. The message of the failure has all its 300 code points; the lesser texts
 * and the request's id have a byte for each character, so they are only ever cut where they are long and not English.
 * With the longest names and all lists full, a status stays under 4 KB.
 */
const MESSAGE_BYTES = 4 * MAX_MESSAGE_LENGTH;
const LESSER_TEXT_BYTES = MAX_MESSAGE_LENGTH;
const PAUSE_REASON_LENGTH = 80;
const PAUSE_REASON_BYTES = 80;
const REQUEST_ID_LENGTH = 128;

export const CATEGORY = oneOf(CATEGORIES);
export const FAULT = oneOf<Fault>(['provider', 'ours']);

const TIMES = listOf(nullable(NUMBER));
const TIMINGS: Kind<CheckMap['ms']> = {
  what: `${TIMES.what}, the total first`,
  is: (value): value is CheckMap['ms'] => TIMES.is(value) && typeof value[0] === 'number',
};

const FIRST_ATTEMPT: Kinds<FirstAttemptMap> = { cat: CATEGORY, err: TEXT, ms: NUMBER };

const CHECK_MAP: Kinds<Omit<CheckMap, 'first'>> = {
  model: absentOr(TEXT),
  code: absentOr(NUMBER),
  ms: TIMINGS,
  probe: absentOr(oneOf(PROBE_KINDS)),
  tokens: absentOr(listOf(NUMBER)),
  rate: absentOr(NUMBER),
  req: absentOr(TEXT),
  new: absentOr(FLAG),
  res: absentOr(FLAG),
  unsure: absentOr(FLAG),
  warn: absentOr(TEXT),
  manual: absentOr(FLAG),
  maint: absentOr(FLAG),
  retryMs: absentOr(NUMBER),
};
const FAILURE = { category: CATEGORY, fault: FAULT, errorMessage: absentOr(TEXT) };

/** A CHECK item: `model`, the attributes of {@link checkAttributes}, and when it may go. */
export function checkItem(check: HealthCheck, days = RETENTION.checks): Item {
  return {
    ...checkKey(check.provider, check.timestamp),
    v: SCHEMA_VERSION,
    ...expiring(check.timestamp, days),
    model: check.model,
    ...checkAttributes(check, check.model),
  };
}

/** @throws {ItemError} */
export function checkFromItem(item: Item): HealthCheck {
  checkVersion(item);
  const provider = providerOfCheckPartition(required(item, 'pk', TEXT));
  if (provider === null) throw new ItemError(`pk: expected CHECK# and an id, got "${item.pk}"`);
  return checkFrom(storedCheck(item), provider, required(item, 'sk', TEXT), required(item, 'model', TEXT));
}

/**
 * `responseTimeMs`; of a failed check `errorMessage`, `category` and `fault`; and the map `check` with what only this
 * product reads. The id, the time and the usual model are where the item has them anyway.
 */
export function checkAttributes(check: HealthCheck, usualModel: string): Item {
  return compact({
    responseTimeMs: check.responseTimeMs,
    errorMessage: check.errorMessage && message(check.errorMessage),
    category: check.category,
    fault: check.fault,
    check: compact({
      model: check.model === usualModel ? null : check.model,
      code: check.statusCode,
      ms: timingsList(check.timings),
      probe: check.probe === USUAL_PROBE ? null : check.probe,
      tokens: check.tokens && [check.tokens.input, check.tokens.output, ...(check.tokens.estimated ? [1] : [])],
      rate: check.tokensPerSecond,
      req: check.requestId === null ? null : cut(check.requestId, REQUEST_ID_LENGTH, REQUEST_ID_LENGTH),
      new: check.newConnection,
      res: check.resumed,
      unsure: check.uncertain || null,
      // A warning is about a healthy answer; a failed check has better to say.
      warn: check.isHealthy && check.warning !== null ? lesserText(check.warning) : null,
      manual: check.trigger === 'manual' || null,
      maint: check.maintenance || null,
      retryMs: check.retryAfterMs,
      first: check.firstAttempt && {
        cat: check.firstAttempt.category,
        err: lesserText(check.firstAttempt.errorMessage),
        ms: check.firstAttempt.responseTimeMs,
      },
    }),
  });
}

/** The attributes of {@link checkAttributes}. @throws {ItemError} */
export function storedCheck(item: Item): StoredCheck {
  const map = required(item, 'check', MAP);
  const first = required(map, 'first', absentOr(MAP));
  const measured = {
    responseTimeMs: required(item, 'responseTimeMs', NUMBER),
    check: { ...checked(map, CHECK_MAP), ...(first && { first: checked(first, FIRST_ATTEMPT) }) },
  };
  return item.category === undefined ? measured : { ...measured, ...checked(item, FAILURE) };
}

/** An error text at its full length. */
export function message(text: string): string {
  return cut(text, MAX_MESSAGE_LENGTH, MESSAGE_BYTES);
}

/** A text that an item can have in addition to its error text. */
export function lesserText(text: string): string {
  return cut(text, MAX_MESSAGE_LENGTH, LESSER_TEXT_BYTES);
}

/** Why a provider was paused. */
export function pauseReason(text: string): string {
  return cut(text, PAUSE_REASON_LENGTH, PAUSE_REASON_BYTES);
}

function timingsList({ dnsMs, connectMs, tlsMs, firstByteMs, firstTokenMs, totalMs }: Timings): (number | null)[] {
  return [totalMs, firstByteMs, firstTokenMs, dnsMs, connectMs, tlsMs];
}
