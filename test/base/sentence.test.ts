import { expect, it } from 'vitest';
import { sentence } from '../../lib/base/sentence.ts';

it.each([
  ['no status came', 'no status came.'],
  ['HTTP 302 to https://a.example/?token=***', 'HTTP 302 to https://a.example/?token=***.'],
  ['It is overloaded.', 'It is overloaded.'],
  ['Why?', 'Why?'],
  ['It said "no."', 'It said "no."'],
  ['cut in the mid…', 'cut in the mid…'],
  ['', ''],
])('a sentence › "%s" ends with one full stop', (text, expected) => {
  expect(sentence(text)).toBe(expected);
});
