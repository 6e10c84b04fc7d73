/** What an attribute of an item may be. */

import { CATEGORIES, type Fault } from '../../health/category.ts';
import { STATES } from '../../health/transition.ts';

export interface Kind<T> {
  /** For messages: "a text". */
  readonly what: string;
  is(value: unknown): value is T;
}

/** A map of attributes: an item, or a map inside one. */
export type Item = Readonly<Record<string, unknown>>;

export const TEXT: Kind<string> = { what: 'a text', is: (value) => typeof value === 'string' };

export const NUMBER: Kind<number> = { what: 'a number', is: (value): value is number => Number.isFinite(value) };

export const FLAG: Kind<boolean> = { what: 'true or false', is: (value) => typeof value === 'boolean' };

/** Of an attribute that is absent where it would be false. */
export const TRUE: Kind<true> = { what: 'true', is: (value) => value === true };

/** Milliseconds since the epoch, of a moment that a Date can hold. */
export const EPOCH_MS: Kind<number> = {
  what: 'milliseconds since 1970',
  is: (value): value is number => typeof value === 'number' && !Number.isNaN(new Date(value).getTime()),
};

export const TIME: Kind<string> = {
  what: 'an ISO 8601 time',
  is: (value): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

export const MAP: Kind<Item> = {
  what: 'a map',
  is: (value): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value),
};

export function listOf<T>(kind: Kind<T>): Kind<readonly T[]> {
  return {
    what: `a list, each entry ${kind.what}`,
    is: (value): value is T[] => Array.isArray(value) && value.every((entry) => kind.is(entry)),
  };
}

export function oneOf<T extends string>(values: readonly T[]): Kind<T> {
  const known: ReadonlySet<unknown> = new Set(values);
  return { what: `one of ${values.join(', ')}`, is: (value): value is T => known.has(value) };
}

export function nullable<T>(kind: Kind<T>): Kind<T | null> {
  return { what: `${kind.what} or null`, is: (value): value is T | null => value === null || kind.is(value) };
}

/** A map of numbers whose names are of a kind. */
export function numbersBy<K extends string>(key: Kind<K>): Kind<{ readonly [Name in K]?: number }> {
  return {
    what: `a map of numbers, each by ${key.what}`,
    is: (value): value is { [Name in K]?: number } =>
      MAP.is(value) && Object.entries(value).every(([name, number]) => key.is(name) && NUMBER.is(number)),
  };
}

export const STATE = oneOf(STATES);
export const CATEGORY = oneOf(CATEGORIES);
export const FAULT = oneOf<Fault>(['provider', 'ours']);
