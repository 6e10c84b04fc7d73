/**
 * Reading an item attribute by attribute. An item may have been written by a newer version or by hand, so each
 * attribute says what it expects; what one unreadable item costs is the caller's decision.
 */

export type Item = Readonly<Record<string, unknown>>;

/** An item that cannot be understood. The message names the attribute, what was expected and what was found. */
export class ItemError extends Error {
  override readonly name = 'ItemError';
}

/** What an attribute may be. */
export interface Kind<T> {
  /** For messages: "a text". */
  readonly what: string;
  is(value: unknown): value is T;
}

export const TEXT: Kind<string> = { what: 'a text', is: (value) => typeof value === 'string' };

export const NUMBER: Kind<number> = { what: 'a number', is: (value): value is number => Number.isFinite(value) };

export const FLAG: Kind<boolean> = { what: 'true or false', is: (value) => typeof value === 'boolean' };

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

export function listOf<T>(kind: Kind<T>): Kind<T[]> {
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

/** A kind that may be absent. */
export function absentOr<T>(kind: Kind<T>): Kind<T | undefined> {
  return { what: kind.what, is: (value): value is T | undefined => value === undefined || kind.is(value) };
}

/** What each attribute of an item may be. */
export type Kinds<T> = { readonly [Name in keyof T]-?: Kind<T[Name]> };

/** @throws {ItemError} When the attribute is absent or of another kind. */
export function required<T>(item: Item, name: string, kind: Kind<T>): T {
  const value = item[name];
  if (kind.is(value)) return value;
  throw new ItemError(`${name}: expected ${kind.what}, got ${described(value)}`);
}

/** The attribute, or `absent` where there is none. @throws {ItemError} When it is of another kind. */
export function optional<T, A>(item: Item, name: string, kind: Kind<T>, absent: A): T | A {
  return item[name] === undefined ? absent : required(item, name, kind);
}

/** Those attributes that have a kind, without the absent ones. @throws {ItemError} When one is of another kind. */
export function checked<T>(item: Item, kinds: Kinds<T>): T {
  const entries = Object.entries<Kind<unknown>>(kinds).map(([name, kind]) => [name, required(item, name, kind)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The item without attributes that say nothing: null and undefined. */
export function compact(item: Item): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name in item) {
    const value = item[name];
    if (value !== null && value !== undefined) kept[name] = value;
  }
  return kept;
}

/** Version of the items' shape. A reader refuses a newer one: it may mean what it cannot know. */
export const SCHEMA_VERSION = 1;

/** @throws {ItemError} When the item is of another version. */
export function checkVersion(item: Item): void {
  const version = required(item, 'v', NUMBER);
  if (version !== SCHEMA_VERSION) {
    throw new ItemError(
      `v: expected ${SCHEMA_VERSION}, got ${version}. Update the program that reads to the release that writes.`,
    );
  }
}

const LONGEST_SHOWN = 40;

function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `"${[...value].slice(0, LONGEST_SHOWN).join('')}"`;
  return Array.isArray(value) ? 'a list' : 'a map';
}
