/**
 * Which attribute of an item holds which field of a value. An {@link AttributeTable} has one line for each field; writing
 * an item, reading it and checking it all go by that line, so a new field is one more line.
 */

import { required } from './fields.ts';
import { type Item, type Kind, MAP } from './kinds.ts';

/** One field in an item. */
export interface Attribute<Field> {
  /** Default: the name of the field. */
  readonly as?: string;
  /** What is stored. */
  readonly kind: Kind<unknown>;
  /** An item without this attribute cannot be understood. */
  readonly isRequired: boolean;
  /** What the field is where the attribute is absent. A field that is this has no attribute. */
  readonly absent?: Field;
  /** From the field to what is stored; null: the attribute is left out. Default: the field itself. */
  write?(field: Field): unknown;
  /** From what is stored to the field. Default: what is stored. */
  read?(stored: unknown): Field;
  /** Checks what the kind cannot. @throws {ItemError} */
  verify?(stored: unknown): void;
}

/** The attribute of each field; a field that is forgotten does not compile. */
export type Attributes<T> = { readonly [Name in keyof T]-?: Attribute<T[Name]> };

interface Plain<Field> {
  as?: string;
  /** Shortens what is stored. */
  write?: (field: Field) => Field;
}

/** An attribute that every item has. */
export function always<T>(kind: Kind<T>, { as, write }: Plain<T> = {}): Attribute<T> {
  return { as, kind, isRequired: true, write };
}

/** An attribute that is left out where the field is `absent`. */
export function unless<T, A extends T | null | undefined>(
  absent: A,
  kind: Kind<T>,
  { as, write }: Plain<T> = {},
): Attribute<T | A> {
  return { as, kind, isRequired: false, absent, write: write as ((field: T | A) => unknown) | undefined };
}

/** An attribute that is stored in another form than the field has. Without `absent` it is required. */
export function coded<Field, Stored>(attribute: {
  as?: string;
  kind: Kind<Stored>;
  absent?: Field;
  write: (field: Field) => Stored | null;
  read: (stored: Stored) => Field;
}): Attribute<Field> {
  return { ...attribute, isRequired: !('absent' in attribute), read: attribute.read as (stored: unknown) => Field };
}

/** A list that is left out where it is empty. */
export function list<T>(kind: Kind<readonly T[]>, as?: string): Attribute<readonly T[]> {
  return { as, kind, isRequired: false, absent: [], write: (entries) => (entries.length > 0 ? [...entries] : null) };
}

/** A map with attributes of its own, left out where the field is null. */
export function map<T extends object>(table: AttributeTable<T>, as?: string): Attribute<T | null> {
  return {
    as,
    kind: MAP,
    isRequired: false,
    absent: null,
    write: (field) => field && table.write(field),
    read: (stored) => table.read(stored as Item),
    verify: (stored) => table.verify(stored as Item),
  };
}

interface Row extends Attribute<unknown> {
  readonly field: string;
  readonly as: string;
}

export class AttributeTable<T extends object> {
  readonly #rows: readonly Row[];

  constructor(attributes: Attributes<T>) {
    this.#rows = Object.entries(attributes as Readonly<Record<string, Attribute<unknown>>>).map(
      ([field, { as = field, kind, isRequired, absent, write, read, verify }]): Row => ({
        field,
        as,
        kind,
        isRequired,
        absent,
        write,
        read,
        verify,
      }),
    );
  }

  /** The names of the attributes. */
  get names(): string[] {
    return this.#rows.map(({ as }) => as);
  }

  /** Writes the attributes of a value into an item. */
  write(value: T, item: Record<string, unknown> = {}): Record<string, unknown> {
    for (const { field, as, absent, write } of this.#rows) {
      const given = (value as Item)[field];
      if (given === absent || given === null || given === undefined) continue;
      const stored = write === undefined ? given : write(given);
      if (stored !== null && stored !== undefined) item[as] = stored;
    }
    return item;
  }

  /** Takes the attributes as they are: see {@link verify}. @throws {ItemError} When a required one is missing. */
  read(item: Item): T {
    const value: Record<string, unknown> = {};
    for (const { field, as, kind, isRequired, absent, read } of this.#rows) {
      const stored = isRequired && item[as] === undefined ? required(item, as, kind) : item[as];
      const given = stored === undefined ? absent : read === undefined ? stored : read(stored);
      if (given !== undefined) value[field] = given;
    }
    return value as T;
  }

  /** @throws {ItemError} When an attribute is missing or of another kind. */
  verify(item: Item): void {
    for (const { as, kind, isRequired, verify } of this.#rows) {
      if (item[as] === undefined && !isRequired) continue;
      const stored = required(item, as, kind);
      verify?.(stored);
    }
  }

  /** Verifies and reads. @throws {ItemError} */
  parse(item: Item): T {
    this.verify(item);
    return this.read(item);
  }
}
