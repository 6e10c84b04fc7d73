import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cut } from '../../../lib/store/items/text.ts';
import { anyCharacter } from '../../support/any-character.ts';

it.each([
  ['a text within both limits as it is', 'abc', 3, 3, 'abc'],
  ['at the code points', 'abcd', 3, 100, 'abc'],
  ['at the bytes', 'ééé', 100, 5, 'éé'],
  ['before a character that would be cut in two', 'a🦜', 100, 4, 'a'],
  ['a character of two code units as one', '🦜🦜🦜', 2, 100, '🦜🦜'],
  ['everything when nothing may stay', 'abc', 0, 0, ''],
  ['a text of the greatest size', '語'.repeat(300), 300, 900, '語'.repeat(300)],
  ['half a surrogate pair, which takes three bytes', '\ud83e'.repeat(3), 100, 6, '\ud83e'.repeat(2)],
])('cuts %s', (_, text, codePoints, bytes, expected) => {
  expect(cut(text, codePoints, bytes)).toBe(expected);
});

it('keeps the longest start within both limits', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.nat(20), fc.nat(60), (text, codePoints, bytes) => {
      const kept = cut(text, codePoints, bytes);
      expect(text.startsWith(kept)).toBe(true);
      expect([...kept].length).toBeLessThanOrEqual(codePoints);
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(bytes);
      const next = [...text.slice(kept.length)][0];
      if (next === undefined) return;
      expect([...kept].length === codePoints || Buffer.byteLength(kept + next) > bytes).toBe(true);
    }),
  );
});
