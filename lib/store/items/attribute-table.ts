/**
 * Tables that map the fields of a value to the attributes of an item. A table has one line for each field; writing, reading and
 * checking an item all use that line. They are separate functions, so that the bundle of a reader contains only the reading.
 */

import { ItemError, required } from './fields.ts';
import { type FieldOf, type Item, type KindName, type Stored, storedAs } from './kinds.ts';

/** How one field is stored in an item. */
interface Attribute<Field> {
  /** The kind of the stored value. */
  readonly kind: KindName;
  /** Name of the attribute. Default: the name of the field. */
  readonly as?: string;
  /** The field's value when the attribute is absent; a field with this value is not stored. Without `absent`, every item has it. */
  readonly absent?: Field;
  /** Converts the stored value to the field's value. Default: no conversion. */
  read?(stored: unknown): Field;
  /** For a map: the attributes in it. */
  readonly table?: AttributeTable<object>;
}

/** One entry for each field. A table without a field does not compile. */
export type AttributeTable<T> = { readonly [Name in keyof T]-?: Attribute<T[Name]> };

/** The conversion for reading. Kinds that are stored without conversion have none. */
type Reading<Name extends KindName> =
  FieldOf<Name> extends Stored<Name> ? [] : [read: (stored: Stored<Name>) => FieldOf<Name>];

/** An attribute that every item has. @param as Its name; default: that of the field. */
export function always<Name extends KindName>(
  kind: Name,
  as?: string,
  ...[read]: Reading<Name>
): Attribute<FieldOf<Name>> {
  return { kind, as, read: read as Attribute<FieldOf<Name>>['read'] };
}

/** An attribute that is left out when the field has the value `absent`. */
export function unless<A, Name extends KindName>(
  absent: A,
  kind: Name,
  as?: string,
  ...[read]: Reading<Name>
): Attribute<FieldOf<Name> | A> {
  return { kind, as, absent, read: read as Attribute<FieldOf<Name>>['read'] };
}

/** An attribute that is left out when the field is null. */
export function orNull<Name extends KindName>(
  kind: Name,
  as?: string,
  ...read: Reading<Name>
): Attribute<FieldOf<Name> | null> {
  return unless(null, kind, as, ...read);
}

/** A map with attributes of its own. It is left out when the field has the value `absent`. */
export function map<T extends object, A>(absent: A, table: AttributeTable<T>, as?: string): Attribute<T | A> {
  const read = (stored: unknown) => readAttributes(table, stored as Item);
  return { kind: 'map', as, absent, read, table: table as Attribute<T>['table'] };
}

/**
 * Reads a value from an item, without checking the kinds of attributes: see {@link verifyAttributes}.
 *
 * @throws {ItemError} When a required attribute is missing.
 */
export function readAttributes<T extends object>(table: AttributeTable<T>, item: Item): T {
  const value: Record<string, unknown> = {};
  for (const field in table) {
    const { as = field, absent, read } = table[field];
    const stored = item[as];
    if (stored === undefined && !('absent' in table[field]))
      throw new ItemError(`${as}: expected this attribute, got nothing`);
    const given = stored === undefined ? absent : read === undefined ? stored : read(stored);
    if (given !== undefined) value[field] = given;
  }
  return value as T;
}

/** Writes the attributes of a value into an item. Empty lists are left out. */
export function writeAttributes<T extends object>(
  table: AttributeTable<T>,
  value: T,
  item: Record<string, unknown> = {},
): Record<string, unknown> {
  for (const field in table) {
    const { as = field, kind, absent, table: inner } = table[field];
    const given: unknown = value[field];
    if (given === absent || given === null || given === undefined || isEmptyList(given)) continue;
    item[as] = inner ? writeAttributes(inner, given as object) : storedAs(kind, given);
  }
  return item;
}

/** @throws {ItemError} When an attribute is missing or of another kind. */
export function verifyAttributes<T extends object>(table: AttributeTable<T>, item: Item): void {
  for (const field in table) {
    const { as = field, kind, table: inner } = table[field];
    if (item[as] === undefined && 'absent' in table[field]) continue;
    const stored = required(item, as, kind);
    if (inner) verifyAttributes(inner, stored as Item);
  }
}

/** Verifies and reads a value. @throws {ItemError} When an attribute is missing or of another kind. */
export function parseAttributes<T extends object>(table: AttributeTable<T>, item: Item): T {
  const value: Record<string, unknown> = {};
  for (const field in table) {
    const { as = field, kind, absent, read, table: inner } = table[field];
    let given: unknown = absent;
    if (item[as] !== undefined || !('absent' in table[field])) {
      const stored = required(item, as, kind);
      if (inner) given = parseAttributes(inner, stored as Item);
      else given = read === undefined ? stored : read(stored);
    }
    if (given !== undefined) value[field] = given;
  }
  return value as T;
}

/** The names of the attributes in a table. */
export function namesIn(table: AttributeTable<object>): string[] {
  return Object.entries(table as Readonly<Record<string, Attribute<unknown>>>).map(([field, { as = field }]) => as);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
