import { describe, expect, it } from 'vitest';
import {
  type AttributeTable,
  always,
  map,
  namesIn,
  parseAttributes,
  readAttributes,
  unless,
  writeAttributes,
} from '../../../lib/store/items/attribute-table.ts';
import { ItemError } from '../../../lib/store/items/fields.ts';
import { countFrom } from '../../../lib/store/items/forms.ts';
import type { Item } from '../../../lib/store/items/kinds.ts';

interface Inner {
  size: number;
}

interface Example {
  name: string;
  count: number;
  isOpen: boolean;
  note: string | null;
  hint?: string;
  tags: readonly string[];
  day: { day: string; count: number };
  inner: Inner | null;
}

const INNER: AttributeTable<Inner> = { size: always('number', 's') };

const TABLE: AttributeTable<Example> = {
  name: always('requestId', 'n'),
  count: unless(0, 'number'),
  isOpen: unless(true, 'flag'),
  note: unless(null, 'text'),
  hint: unless(undefined, 'text'),
  tags: unless([], 'texts'),
  day: always('dayAndCount', 'day', countFrom),
  inner: map(null, INNER),
};

const write = (value: Example, item?: Record<string, unknown>) => writeAttributes(TABLE, value, item);
const parse = (item: Item) => parseAttributes(TABLE, item);

const FULL: Example = {
  name: 'alpha',
  count: 3,
  isOpen: false,
  note: 'a',
  hint: 'b',
  tags: ['eu'],
  day: { day: '2026-03-01', count: 3 },
  inner: { size: 7 },
};
const QUIET: Example = {
  name: 'alpha',
  count: 0,
  isOpen: true,
  note: null,
  tags: [],
  day: { day: '2026-03-01', count: 1 },
  inner: null,
};

/** The compiler refuses a line that does not fit its field. */
export const REFUSED: readonly unknown[] = [
  // @ts-expect-error: a field is missing.
  { name: always('text') } satisfies AttributeTable<{ name: string; count: number }>,
  // @ts-expect-error: another kind than the field's.
  { count: always('text') } satisfies AttributeTable<{ count: number }>,
  // @ts-expect-error: the field is never null.
  { count: unless(null, 'number') } satisfies AttributeTable<{ count: number }>,
  // @ts-expect-error: what is stored has another form, and nothing reads it.
  always('dayAndCount', 'day'),
];

describe('an attribute table', () => {
  it('writes each field under its name and in its form, into the item that it is given', () => {
    expect(write(FULL, { pk: 'X' })).toEqual({
      pk: 'X',
      n: 'alpha',
      count: 3,
      isOpen: false,
      note: 'a',
      hint: 'b',
      tags: ['eu'],
      day: ['2026-03-01', 3],
      inner: { s: 7 },
    });
    expect(write({ ...QUIET, name: 'a'.repeat(200) })).toMatchObject({ n: 'a'.repeat(128) });
    expect(namesIn(TABLE)).toEqual(['n', 'count', 'isOpen', 'note', 'hint', 'tags', 'day', 'inner']);
  });

  it('leaves out a value that means absent, and reads it back', () => {
    const item = write(QUIET);
    expect(item).toEqual({ n: 'alpha', day: ['2026-03-01', 1] });
    expect(parse(item)).toStrictEqual(QUIET);
    expect(parse(write(FULL))).toStrictEqual(FULL);
  });

  it('does not share a list with the value that was written', () => {
    const tags = ['eu'];
    const item = write({ ...FULL, tags });
    tags.push('us');
    expect(item.tags).toEqual(['eu']);
  });

  it.each<[string, object, string]>([
    ['a required attribute is missing', { n: undefined }, 'n: expected a text, got nothing'],
    ['a coded one without a default is missing', { day: undefined }, 'day: expected a day and a count, got nothing'],
    ['one is of another kind', { isOpen: 'yes' }, 'isOpen: expected true or false, got "yes"'],
    ['one of a map is of another kind', { inner: { s: 'big' } }, 's: expected a number, got "big"'],
    ['one is null', { note: null }, 'note: expected a text, got null'],
  ])('refuses an item where %s', (_, change, message) => {
    const item = { ...write(FULL), ...change };
    expect(() => parse(item)).toThrow(new ItemError(message));
  });

  it('reads on trust what is of another kind, but never without a required attribute', () => {
    expect(readAttributes(TABLE, { ...write(FULL), isOpen: 'yes' })).toMatchObject({ isOpen: 'yes' });
    expect(() => readAttributes(TABLE, { day: ['2026-03-01', 3] })).toThrow(
      new ItemError('n: expected this attribute, got nothing'),
    );
  });
});
