import { describe, expect, it } from 'vitest';
import { MOST_VIEWS, viewsOf } from '../../lib/egress/redact-views.ts';
import { filled, HOSTILE } from './hostile.ts';

/** Of each decoding the first four; those of the next one follow. */
const PLAIN = 0;
const CLOSED = 1;
const JOINED = 2;
const BYTES = 3;
const DECODED = 4;

/** Null where the text has no such view. */
const viewOf = (text: string, view: number) => [...viewsOf(text)][view]?.text ?? null;

describe('the views of a text', () => {
  it.each([
    ['as it is', PLAIN, 'a %41 b', 'a %41 b'],
    ['without spaces and invisible characters', CLOSED, 'a \r\n\tb\u0000\u200b\u202ec-d', 'abc-d'],
    ['without what stands between hex digits', JOINED, '<5a:71 38-AB 0x5a, 0X7g>', '5a7138AB5a7g'],
    ['as bytes', BYTES, '[90,113 56;\n9]', '[Zq8\t]'],
    ['as bytes, of three digits at most', BYTES, '1234,065', '1234,A'],
    ['as bytes, which stand alone', BYTES, 'a65 65a .65 65. 65', 'a65 65a .65 A. A'],
    ['decoded', DECODED, 'a%41b', 'aAb'],
  ])('%s', (_, view, text, expected) => {
    expect(viewOf(text, view)).toBe(expected);
  });

  it.each([
    ['%u005A', 'Z'],
    ['%5A%5a', 'ZZ'],
    ['\\u005a', 'Z'],
    ['\\u{5a}', 'Z'],
    ['\\U{5a}', 'Z'],
    ['\\x{5a}', 'Z'],
    ['\\u{0000005a}', 'Z'],
    ['\\U0000005a', 'Z'],
    ['\\x5a', 'Z'],
    ['&#x5a;', 'Z'],
    ['&#X0000005A;', 'Z'],
    ['&#90;', 'Z'],
    ['&#00000090;', 'Z'],
    ['\\132', 'Z'],
    ['\\n\\r\\t', '\n\r\t'],
    ['\\/\\"\\\\', '/"\\'],
    ['\\a\\N', 'aN'],
    ['\\400\\38', '40038'],
    ['\\u{ffff}', '\uffff'],
    // No key has a character beyond the first plane.
    ['\\u{10000}', ' '],
    ['&#128512;', ' '],
  ])('with the escapes in %s read: %j', (text, decoded) => {
    expect(viewOf(text, DECODED)).toBe(decoded);
  });

  it.each([
    '%5',
    '%5g',
    '%u00g0',
    '&#;',
    '&#x;',
    '&#5a;',
    '&#123456789;',
    '&#x123456789;',
    '&bogus;',
    '&amp',
    '\\',
    '\\u12',
    '\\x1',
    '\\u{}',
    '\\u{123456789}',
    '\\U1234567',
  ])('in no other way when %s only looks like an escape', (text) => {
    expect(viewOf(text, DECODED)).toBeNull();
  });

  /** Of HTML's list, all that mean one ASCII character that is no letter and no digit; and the space that no line breaks at. */
  const NAMES = {
    '&': 'amp AMP',
    '<': 'lt LT',
    '>': 'gt GT',
    '"': 'quot QUOT',
    "'": 'apos',
    '!': 'excl',
    '#': 'num',
    $: 'dollar',
    '%': 'percnt',
    '(': 'lpar',
    ')': 'rpar',
    '*': 'ast midast',
    '+': 'plus',
    ',': 'comma',
    '.': 'period',
    '/': 'sol',
    ':': 'colon',
    ';': 'semi',
    '=': 'equals',
    '?': 'quest',
    '@': 'commat',
    '[': 'lsqb lbrack',
    '\\': 'bsol',
    ']': 'rsqb rbrack',
    '^': 'Hat',
    _: 'lowbar UnderBar',
    '`': 'grave DiacriticalGrave',
    '{': 'lcub lbrace',
    '|': 'vert verbar VerticalLine',
    '}': 'rcub rbrace',
    '\t': 'Tab',
    '\n': 'NewLine',
    ' ': 'nbsp',
  };
  it.each(Object.entries(NAMES))("with HTML's names of %j read: %s", (character, names) => {
    for (const name of names.split(' ')) expect(viewOf(`a&${name};b`, DECODED)).toBe(`a${character}b`);
  });

  it('are decoded at most four times', () => {
    expect(viewOf('%25252541', 4 * DECODED)).toBe('A');
    expect(viewOf('%2525252541', 4 * DECODED)).toBe('%41');
    expect([...viewsOf('%2525252541')]).toHaveLength(MOST_VIEWS);
  });
});

it('every character of a view knows the part of the text that it came from', () => {
  const views = [...viewsOf('a %41%2541')];
  const parts = views.map(({ starts, ends }) => Array.from(starts, (start, at) => [start, ends[at]]));
  expect(views[DECODED]?.text).toBe('a A%41');
  expect(parts[DECODED]).toEqual([
    [0, 1],
    [1, 2],
    [2, 5],
    [5, 8],
    [8, 9],
    [9, 10],
  ]);
  expect(views[2 * DECODED + CLOSED]?.text).toBe('aAA');
  expect(parts[2 * DECODED + CLOSED]).toEqual([
    [0, 1],
    [2, 5],
    [5, 10],
  ]);
});

it.each(HOSTILE)('a text of %j has a bounded number of views, none longer than itself', (unit) => {
  const text = filled(unit, 1000);
  const views = [...viewsOf(text)];
  expect(views.length).toBeLessThanOrEqual(MOST_VIEWS);
  for (const view of views) {
    expect(view.text.length).toBeLessThanOrEqual(text.length);
    expect(view.starts).toHaveLength(view.text.length);
    expect(view.ends).toHaveLength(view.text.length);
  }
});
