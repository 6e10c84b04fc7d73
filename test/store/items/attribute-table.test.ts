import { describe, expect, it } from 'vitest';
import { AttributeTable, always, coded, list, map, unless } from '../../../lib/store/items/attribute-table.ts';
import { ItemError } from '../../../lib/store/items/fields.ts';
import { FLAG, listOf, NUMBER, TEXT } from '../../../lib/store/items/kinds.ts';

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
  day: { month: number };
  inner: Inner | null;
}

const TABLE = new AttributeTable<Example>({
  name: always(TEXT, { as: 'n', write: (name) => name.slice(0, 5) }),
  count: unless(0, NUMBER),
  isOpen: unless(true, FLAG),
  note: unless(null, TEXT),
  hint: unless(undefined, TEXT),
  tags: list(listOf(TEXT)),
  day: coded<Example['day'], number>({ kind: NUMBER, write: ({ month }) => month, read: (month) => ({ month }) }),
  inner: map(new AttributeTable<Inner>({ size: always(NUMBER, { as: 's' }) })),
});

const FULL: Example = {
  name: 'alpha',
  count: 3,
  isOpen: false,
  note: 'a',
  hint: 'b',
  tags: ['eu'],
  day: { month: 3 },
  inner: { size: 7 },
};
const QUIET: Example = { name: 'alpha', count: 0, isOpen: true, note: null, tags: [], day: { month: 1 }, inner: null };

describe('an attribute table', () => {
  it('writes each field under its name and in its form, into the item that it is given', () => {
    expect(TABLE.write(FULL, { pk: 'X' })).toEqual({
      pk: 'X',
      n: 'alpha',
      count: 3,
      isOpen: false,
      note: 'a',
      hint: 'b',
      tags: ['eu'],
      day: 3,
      inner: { s: 7 },
    });
    expect(TABLE.write({ ...QUIET, name: 'alphabet' })).toMatchObject({ n: 'alpha' });
  });

  it('leaves out what an absent attribute says, and reads it back', () => {
    const item = TABLE.write(QUIET);
    expect(item).toEqual({ n: 'alpha', day: 1 });
    expect(TABLE.parse(item)).toStrictEqual(QUIET);
    expect(TABLE.parse(TABLE.write(FULL))).toStrictEqual(FULL);
  });

  it('does not share a list with the value that was written', () => {
    const tags = ['eu'];
    const item = TABLE.write({ ...FULL, tags });
    tags.push('us');
    expect(item.tags).toEqual(['eu']);
  });

  it.each<[string, object, string]>([
    ['a required attribute is missing', { n: undefined }, 'n: expected a text, got nothing'],
    ['a coded one without a default is missing', { day: undefined }, 'day: expected a number, got nothing'],
    ['one is of another kind', { isOpen: 'yes' }, 'isOpen: expected true or false, got "yes"'],
    ['one of a map is of another kind', { inner: { s: 'big' } }, 's: expected a number, got "big"'],
    ['one is null', { note: null }, 'note: expected a text, got null'],
  ])('refuses an item where %s', (_, change, message) => {
    const item = { ...TABLE.write(FULL), ...change };
    expect(() => TABLE.parse(item)).toThrow(new ItemError(message));
  });

  it('reads on trust what is of another kind, but never without a required attribute', () => {
    expect(TABLE.read({ ...TABLE.write(FULL), isOpen: 'yes' })).toMatchObject({ isOpen: 'yes' });
    expect(() => TABLE.read({ day: 3 })).toThrow(new ItemError('n: expected a text, got nothing'));
  });
});
