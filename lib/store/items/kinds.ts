/** The kinds of stored values: how each kind is recognised, and how it is made from a field. */

import { ALERT_PHASES, ALERT_PROBLEMS, type Alert } from '../../health/alerting/alert.ts';
import { ANNOUNCEMENT_OUTCOMES } from '../../health/alerting/announcement.ts';
import { ALERT_NOTICE_KINDS, MONITOR_NOTICE_KINDS, NOTICE_KINDS } from '../../health/alerting/notice.ts';
import { CATEGORIES, type Fault } from '../../health/category.ts';
import type { Timings, TokenUse } from '../../health/check.ts';
import { PROBE_KINDS, PROVIDER_TYPES } from '../../health/provider.ts';
import { STATES } from '../../health/transition.ts';
import {
  alertsText,
  type DayAndCount,
  dayAndCount,
  epochMsList,
  type TimesWithTotal,
  timingsList,
  tokensList,
  verdictsText,
} from './forms.ts';
import { lesserText, message, pauseReason, requestIdText } from './text.ts';

/** A map of attributes: an item, or a map inside one. */
export type Item = Readonly<Record<string, unknown>>;

export interface Kind<Stored> {
  /** Name of the kind for messages, such as "a text". */
  readonly what: string;
  is(value: unknown): value is Stored;
}

/** A kind with a conversion: the stored value is shorter than the field, or has another form. */
interface MadeKind<Stored, Field> extends Kind<Stored> {
  make(field: Field): Stored;
}

const TEXT: Kind<string> = { what: 'a text', is: (value) => typeof value === 'string' };
const NUMBER: Kind<number> = { what: 'a number', is: (value): value is number => Number.isFinite(value) };
const FLAG: Kind<boolean> = { what: 'true or false', is: (value) => typeof value === 'boolean' };
const TRUE: Kind<true> = { what: 'true', is: (value) => value === true };
const MAP: Kind<Item> = {
  what: 'a map',
  is: (value): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value),
};
const TIME: Kind<string> = {
  what: 'an ISO 8601 time',
  is: (value): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};
/** Milliseconds that a Date can hold. */
const EPOCH_MS: Kind<number> = {
  what: 'milliseconds since 1970',
  is: (value): value is number => typeof value === 'number' && !Number.isNaN(new Date(value).getTime()),
};
const CATEGORY = oneOf(CATEGORIES);
const MEASURED = listOf(nullable(NUMBER));
const WITH_TOTAL: Kind<TimesWithTotal> = {
  what: `${MEASURED.what}, the total first`,
  is: (value): value is TimesWithTotal => MEASURED.is(value) && typeof value[0] === 'number',
};
const DAY_AND_COUNT: Kind<DayAndCount> = {
  what: 'a day and a count',
  is: (value): value is [string, number] => Array.isArray(value) && TEXT.is(value[0]) && NUMBER.is(value[1]),
};

/** The kinds, by the names that attribute tables use. */
export const KINDS = {
  text: TEXT,
  number: NUMBER,
  flag: FLAG,
  /** For an attribute that is absent instead of false. */
  true: TRUE,
  time: TIME,
  map: MAP,
  maps: listOf(MAP),
  texts: made(listOf(TEXT), copyOf<string>),
  /** Numbers and nulls. */
  measured: made(MEASURED, copyOf<number | null>),
  numbersByText: numbersBy(TEXT) as Kind<Readonly<Record<string, number>>>,
  numbersByCategory: numbersBy(CATEGORY),

  state: oneOf(STATES),
  category: CATEGORY,
  fault: oneOf<Fault>(['provider', 'ours']),
  degradedReason: oneOf(['slow', 'rate_limited']),
  providerType: oneOf(PROVIDER_TYPES),
  probeKind: oneOf(PROBE_KINDS),
  notice: oneOf(NOTICE_KINDS),
  alertNotice: oneOf(ALERT_NOTICE_KINDS),
  monitorNotice: nullable(oneOf(MONITOR_NOTICE_KINDS)),
  alertProblem: oneOf(ALERT_PROBLEMS),
  alertPhase: oneOf(ALERT_PHASES),
  announcementOutcome: oneOf(ANNOUNCEMENT_OUTCOMES),

  message: made(TEXT, message),
  lesserText: made(TEXT, lesserText),
  pauseReason: made(TEXT, pauseReason),
  requestId: made(TEXT, requestIdText),

  epochMs: made<number, string>(EPOCH_MS, Date.parse),
  epochMsList: made<readonly number[], readonly string[]>(listOf(EPOCH_MS), epochMsList),
  verdicts: made<string, readonly boolean[]>(TEXT, verdictsText),
  dayAndCount: made<DayAndCount, { day: string; count: number }>(DAY_AND_COUNT, dayAndCount),
  timings: made<TimesWithTotal, Timings>(WITH_TOTAL, timingsList),
  tokens: made<readonly number[], TokenUse>(listOf(NUMBER), tokensList),
  manual: made<true, 'manual'>(TRUE, () => true),
  alerts: made<string, readonly Alert[]>(TEXT, alertsText),
};

type Kinds = typeof KINDS;

export type KindName = keyof Kinds;

/** The type of the stored value. */
export type Stored<Name extends KindName> = Kinds[Name] extends Kind<infer S> ? S : never;

/** The type of the field in memory. */
export type FieldOf<Name extends KindName> = Kinds[Name] extends { make(field: infer F): unknown } ? F : Stored<Name>;

/** Converts a field to its stored value. */
export function storedAs(kind: KindName, field: unknown): unknown {
  const { make } = KINDS[kind] as Partial<MadeKind<unknown, unknown>>;
  return make === undefined ? field : make(field);
}

function made<Stored, Field>(kind: Kind<Stored>, make: (field: Field) => Stored): MadeKind<Stored, Field> {
  return { ...kind, make };
}

/** Copies a list, so that the item and the value do not share it. */
function copyOf<T>(list: readonly T[]): readonly T[] {
  return [...list];
}

function listOf<T>(kind: Kind<T>): Kind<readonly T[]> {
  return {
    what: `a list, each entry ${kind.what}`,
    is: (value): value is T[] => Array.isArray(value) && value.every((entry) => kind.is(entry)),
  };
}

function oneOf<const T extends string>(values: readonly T[]): Kind<T> {
  const known: ReadonlySet<unknown> = new Set(values);
  return { what: `one of ${values.join(', ')}`, is: (value): value is T => known.has(value) };
}

function nullable<T>(kind: Kind<T>): Kind<T | null> {
  return { what: `${kind.what} or null`, is: (value): value is T | null => value === null || kind.is(value) };
}

/** A map of numbers. `key` is the kind of its names. */
function numbersBy<K extends string>(key: Kind<K>): Kind<{ readonly [Name in K]?: number }> {
  return {
    what: `a map of numbers, each by ${key.what}`,
    is: (value): value is { [Name in K]?: number } =>
      MAP.is(value) && Object.entries(value).every(([name, number]) => key.is(name) && NUMBER.is(number)),
  };
}
