/**
 * Makes views of a text: the text itself, and the text decoded up to four times. A view knows for each of its characters which part
 * of the original it came from. redact.ts searches the views for secrets.
 *
 * A view is at most as long as the text, and is made in one pass, so a hostile text costs no more than an ordinary text of the
 * same length.
 */

/** A text; `starts` and `ends` are, for each of its characters, the part of the original that it came from. */
export interface View {
  text: string;
  starts: Int32Array;
  ends: Int32Array;
}

/** Enough for a key that was percent-encoded three times, or escaped twice for HTML and once for JSON. */
const MOST_DECODINGS = 4;

/** The most views that one text can have. */
export const MOST_VIEWS = 4 * (MOST_DECODINGS + 1);

export function* viewsOf(text: string): Generator<View> {
  let view = plainView(text);
  for (let decodings = 0; ; decodings++) {
    yield view;
    yield rewrite(view, SPACE, () => '');
    yield rewrite(view, SEPARATORS, () => '');
    yield rewrite(view, DECIMAL_BYTE, ([, code]) => character(Number(code)));
    if (decodings === MOST_DECODINGS) return;
    const decoded = rewrite(view, ESCAPE, decodedCharacter);
    if (decoded.text === view.text) return;
    view = decoded;
  }
}

/** Line breaks in wrapped base64, and invisible characters within a key. */
const SPACE = /[\s\p{Cc}\p{Cf}]+/gu;

/** Separators between hex digits: `5a:71`, `5a 71`, `5A-71`, `0x5a, 0x71`. */
const SEPARATORS = /(?:0x|[^0-9A-Za-z])+/gi;

/** One byte in a list of decimal numbers (a Buffer as JSON, bytes as Go and Rust print them), with the separator after it. */
const DECIMAL_BYTE = /(?<![0-9A-Za-z.])([0-9]{1,3})(?![0-9A-Za-z])[\s,;]*/g;

/** HTML's names for ASCII characters other than letters and digits. */
const ENTITIES: Readonly<Record<string, string>> = {
  AMP: '&',
  amp: '&',
  apos: "'",
  ast: '*',
  bsol: '\\',
  colon: ':',
  comma: ',',
  commat: '@',
  DiacriticalGrave: '`',
  dollar: '$',
  equals: '=',
  excl: '!',
  grave: '`',
  GT: '>',
  gt: '>',
  Hat: '^',
  lbrace: '{',
  lbrack: '[',
  lcub: '{',
  lowbar: '_',
  lpar: '(',
  lsqb: '[',
  LT: '<',
  lt: '<',
  midast: '*',
  nbsp: ' ',
  NewLine: '\n',
  num: '#',
  percnt: '%',
  period: '.',
  plus: '+',
  quest: '?',
  QUOT: '"',
  quot: '"',
  rbrace: '}',
  rbrack: ']',
  rcub: '}',
  rpar: ')',
  rsqb: ']',
  semi: ';',
  sol: '/',
  Tab: '\t',
  UnderBar: '_',
  verbar: '|',
  VerticalLine: '|',
  vert: '|',
};

/** In an escaped text `\n` is a line break, as in wrapped base64. */
const SHORT_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

const HEX = '[0-9A-Fa-f]';

/** All escapes, tried in this order. Each alternative has one group, which {@link decodedCharacter} reads by its number. */
const ESCAPE = new RegExp(
  [
    `%u(${HEX}{4})`,
    `%(${HEX}{2})`,
    `\\\\u(${HEX}{4})`,
    `\\\\[uUx]\\{(${HEX}{1,8})\\}`,
    `\\\\U(${HEX}{8})`,
    `\\\\x(${HEX}{2})`,
    `&#[xX](${HEX}{1,8});`,
    '&#([0-9]{1,8});',
    `&(${Object.keys(ENTITIES).join('|')});`,
    '\\\\([0-3][0-7]{2})',
    '\\\\([^uUx])',
  ].join('|'),
  'g',
);

function decodedCharacter(match: RegExpExecArray): string {
  const [, percentU, percent, unicode, braced, longUnicode, byte, hexEntity, decimalEntity, entity, octal, escaped] =
    match;
  if (escaped !== undefined) return SHORT_ESCAPES[escaped] ?? escaped;
  if (entity !== undefined) return ENTITIES[entity] ?? entity;
  if (decimalEntity !== undefined) return character(Number(decimalEntity));
  if (octal !== undefined) return character(Number.parseInt(octal, 8));
  const hex = percentU ?? percent ?? unicode ?? braced ?? longUnicode ?? byte ?? hexEntity;
  return character(Number.parseInt(String(hex), 16));
}

/** Keys are ASCII, so any other character can replace one beyond the first plane of Unicode: a space. */
function character(code: number): string {
  return code <= 0xffff ? String.fromCharCode(code) : ' ';
}

function plainView(text: string): View {
  const starts = Int32Array.from({ length: text.length }, (_, at) => at);
  return { text, starts, ends: starts.map((at) => at + 1) };
}

/** Replaces each match by one character or by nothing, and records where every character came from. */
function rewrite(view: View, pattern: RegExp, replacement: (match: RegExpExecArray) => string): View {
  const parts: string[] = [];
  const starts = new Int32Array(view.text.length);
  const ends = new Int32Array(view.text.length);
  let from = 0;
  let to = 0;
  const keepUntil = (next: number) => {
    parts.push(view.text.slice(from, next));
    starts.set(view.starts.subarray(from, next), to);
    ends.set(view.ends.subarray(from, next), to);
    to += next - from;
    from = next;
  };
  for (const match of view.text.matchAll(pattern)) {
    keepUntil(match.index);
    from = match.index + match[0].length;
    const next = replacement(match);
    if (next === '') continue;
    parts.push(next);
    starts[to] = view.starts[match.index] ?? 0;
    ends[to] = view.ends[from - 1] ?? 0;
    to += 1;
  }
  keepUntil(view.text.length);
  return { text: parts.join(''), starts: starts.subarray(0, to), ends: ends.subarray(0, to) };
}
