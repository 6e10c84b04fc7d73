import { expect, it } from 'vitest';
import { itemSize } from '../../lib/store/item-size.ts';

it.each([
  ['a text counts its bytes', { ab: 'é語🦜' }, 2 + 9],
  ['an empty text counts nothing', { ab: '' }, 2],
  ['a number counts a byte for two digits and one more', { n: 1234 }, 1 + 4],
  ['zeros behind count nothing', { n: 1000 }, 1 + 2],
  ['a number below zero counts one more', { n: -12 }, 1 + 4],
  ['true, false and null count one', { a: true, b: null }, 1 + 1 + 1 + 1],
  ['a list counts three, and one for each entry', { l: ['a', 'b'] }, 1 + 3 + 2 * (1 + 1)],
  ['a map counts three, and one for each entry with its name', { m: { ab: 'c' } }, 1 + 3 + 1 + 2 + 1],
  ['what is not there counts nothing', { a: undefined }, 0],
])('%s', (_, item, size) => {
  expect(itemSize(item)).toBe(size);
});
