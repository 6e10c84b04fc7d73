/**
 * Reading a single attribute of an item. An item may have been written by a newer version or by hand, so each attribute
 * says what it expects; the caller decides what one unreadable item costs.
 */

import { type Item, KINDS, type Kind, type KindName, type Stored } from './kinds.ts';

/** An item that cannot be understood. The message names the attribute, what was expected and what was found. */
export class ItemError extends Error {
  override readonly name = 'ItemError';
}

/** @throws {ItemError} When the attribute is absent or of another kind. */
export function required<Name extends KindName>(item: Item, name: string, kind: Name): Stored<Name> {
  const value = item[name];
  const { is, what } = KINDS[kind] as Kind<Stored<Name>>;
  if (is(value)) return value;
  throw new ItemError(`${name}: expected ${what}, got ${described(value)}`);
}

/** The attribute, or `absent` where there is none. @throws {ItemError} When it is of another kind. */
export function optional<Name extends KindName, A>(item: Item, name: string, kind: Name, absent: A): Stored<Name> | A {
  return item[name] === undefined ? absent : required(item, name, kind);
}

/** Version of the items' shape. A reader refuses a newer one: it may mean what it cannot know. */
export const SCHEMA_VERSION = 1;

/** @throws {ItemError} When the item is of another version. */
export function checkVersion(item: Item): void {
  const version = required(item, 'v', 'number');
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
