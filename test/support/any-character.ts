/** Every character of Unicode. Fast-check's own arbitrary of them takes a second of CPU to make. */

import fc from 'fast-check';

/** Surrogates, which are no characters: so many, from here on. */
const SURROGATES = { first: 0xd800, count: 0x800 };

export const anyCharacter = fc
  .integer({ min: 0, max: 0x10ffff - SURROGATES.count })
  .map((number) => String.fromCodePoint(number < SURROGATES.first ? number : number + SURROGATES.count));
