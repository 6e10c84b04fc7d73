/**
 * Reads a single attribute of an item, and checks its kind: a newer release or a person may have written the item. The caller
 * decides what happens with an item that cannot be understood.
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

/** The attribute; `absent` when there is none. @throws {ItemError} When it is of another kind. */
export function optional<Name extends KindName, A>(item: Item, name: string, kind: Name, absent: A): Stored<Name> | A {
  return item[name] === undefined ? absent : required(item, name, kind);
}

/** Version of the items' shape. A program refuses items of another version, because their meaning may differ. */
export const SCHEMA_VERSION = 1;

/** @throws {ItemError} When the item is of another version. */
export function checkVersion(item: Item): void {
  const version = required(item, 'v', 'number');
  if (version !== SCHEMA_VERSION) {
    throw new ItemError(
      `v: expected ${SCHEMA_VERSION}, got ${version}. Update this program to the release of the monitor.`,
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
