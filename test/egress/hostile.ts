/** Texts that take redaction the most time. */

export const KEY = 'Zq8v+T1mXw4L/r7PnKc2Jd_hG5sB9-uE3kQ=';

/** Pieces that a rewriting matches again and again, or begins to match but does not. */
export const HOSTILE = [
  '%25',
  '%2525252541',
  '&amp;',
  '&amp;amp;amp;amp;#x41;',
  '&',
  '&#',
  '&#0000000',
  '\\',
  '\\\\',
  '\\u{',
  '\\u{0000005a}',
  ' ',
  '\u200b',
  '1',
  '90,',
  '90 ,;',
  '1 ',
  '999,',
  '0x',
  '0x5a ',
  '-',
  KEY,
  KEY.slice(0, 11),
  `${KEY.slice(0, 4)} `,
  'a',
  '😀',
];

/** So many characters of one of them. */
export const filled = (unit: string, size: number) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
