import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../lib/egress/redact.ts';
import { Secret } from '../../lib/keys/secret.ts';
import { ENCODINGS, leaksOf } from '../promises/leaks.ts';
import { KEY } from './hostile.ts';

const redacted = (text: string) => redactSecrets(text, [new Secret(KEY)], '***');

describe('K1: 12 characters of a key do not pass', () => {
  // One of each alignment: base64 has three, and hex of UTF-16 two. redact-pieces.test.ts looks at all.
  it.each(Object.entries(ENCODINGS))('%s', (_, encode) => {
    for (const from of [0, 7, 14, 23]) {
      const text = redacted(`before ${encode(KEY.slice(from, from + 12))} after`);
      expect(leaksOf(KEY, text)).toEqual([]);
      // A letter beside it may be a digit of the key's hex: hiding it is no harm.
      expect(text).toMatch(/^bef.*\*\*\*.*ter$/);
    }
  });

  it.each([
    ['a Buffer in JSON', JSON.stringify({ sent: Buffer.from(KEY) })],
    ['a Buffer in JSON of several lines', JSON.stringify(Buffer.from(KEY), null, 2)],
    ['a Buffer in JSON within a JSON text', JSON.stringify(JSON.stringify(Buffer.from(KEY)))],
    [
      'a Buffer that was printed',
      `<Buffer ${Buffer.from(KEY)
        .toString('hex')
        .replace(/..(?=.)/g, '$& ')}>`,
    ],
    [
      'a hex dump',
      (
        Buffer.from(KEY)
          .toString('hex')
          .match(/.{1,4}/g) ?? []
      ).join(' '),
    ],
    ['a JSON text with wrapped base64', JSON.stringify(Buffer.from(KEY).toString('base64').replace(/.{9}/g, '$&\n'))],
    [
      'entities of entities of a JSON text',
      JSON.stringify(KEY.replaceAll('/', '&amp;#47;').replaceAll('=', '&amp;equals;')),
    ],
    ['base64 of UTF-16 with other text around it', Buffer.from(`key: ${KEY}.`, 'utf16le').toString('base64')],
  ])('%s', (_, text) => {
    const shown = redacted(text);
    expect(leaksOf(KEY, shown)).toEqual([]);
    expect(shown.length).toBeLessThan(text.length / 2 + 10);
  });
});

it.each([
  [
    'numbers, times and addresses',
    'HTTP 429 at 2026-03-01T10:00:00Z from 10.0.0.1:443: 12, 13, 14 of 90 113 56 left; 5a:71:38:00',
  ],
  ['markup and code', '<p>a &amp; b &lt;c&gt; \\n \\u0041 %20 {"type":"Buffer","data":[1,2,3]}</p>'],
])('leaves %s as they are', (_, text) => {
  expect(redacted(text)).toBe(text);
});

describe('of a secret', () => {
  const shown = (secret: string, text: string) => redactSecrets(text, [new Secret(secret)], '***');
  const hex = (text: string) => Buffer.from(text).toString('hex');
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const hex16 = (text: string) => Buffer.from(text, 'utf16le').toString('hex');
  const base64of16 = (text: string) => Buffer.from(text, 'utf16le').toString('base64');

  it.each([
    ['12 characters in a row are hidden', KEY, KEY.slice(5, 17), '***'],
    ['11 are no leak', KEY, KEY.slice(5, 16), KEY.slice(5, 16)],
    ['16 hex digits are hidden', KEY, hex(KEY.slice(5, 13)), '***'],
    ['15 hex digits are no leak', KEY, hex(KEY.slice(5, 13)).slice(1), hex(KEY.slice(5, 13)).slice(1)],
    ['the whole is hidden where it is short', 'hunter2', 'no hunter2, no HUNTER2', 'no ***, no ***'],
    ['a part is no leak where it is short', 'hunter2', 'hunter, unter2', 'hunter, unter2'],
    ['6 characters are hidden in hex', 'hunter', hex('hunter'), '***'],
    ['6 characters are hidden in base64', 'hunter', base64('hunter'), '***'],
    ['5 characters are hidden as they are', 'hunte', 'no hunte', 'no ***'],
    ['5 characters are not looked for in hex', 'hunte', hex('hunte'), hex('hunte')],
    ['6 bytes are enough', 'hünte', hex('hünte'), '***'],
    ['one character is hidden everywhere', 'x', 'xyx', '***y***'],
    ['the places are hidden apart', 'hunter2', 'hunter2 hunter2', '*** ***'],
    ['neighbours are hidden as one', 'hunter2', 'hunter2hunter2', '***'],
    ['nothing is hidden where it is empty', '', 'hunter2', 'hunter2'],
    ['nothing is hidden where it is blank', ' ', 'no hunter2 was ever here', 'no hunter2 was ever here'],
    // The neighbours in a group of three bytes change the characters at its ends.
    ['it is hidden in base64 before other text', 'hunter2', base64('hunter2:x'), '***jp4'],
    ['it is hidden in base64 after a byte', 'hunter2', base64('xhunter2:y'), 'eG***I6eQ=='],
    ['it is hidden in base64 after two bytes', 'hunter2', base64('xyhunter2:z'), 'eHl***Ono='],
    ['8 characters are hidden in hex of UTF-16', KEY, hex16(KEY.slice(5, 13)), '***'],
    ['7 in hex of UTF-16 are no leak', KEY, hex16(KEY.slice(5, 12)), hex16(KEY.slice(5, 12))],
    ['6 in base64 of UTF-16 are no leak', KEY, base64of16(KEY.slice(5, 11)), base64of16(KEY.slice(5, 11))],
    ['both alphabets of base64 are the same', 'ab+cd/ef', 'ab-cd_ef', '***'],
  ])('%s', (_, secret, text, expected) => {
    expect(shown(secret, text)).toBe(expected);
  });

  it('every one is hidden, each time anew', () => {
    const both = [new Secret('hunter2'), new Secret('passw0rd')];
    for (let time = 0; time < 2; time++) expect(redactSecrets('hunter2 passw0rd', both, '#')).toBe('# #');
    expect(redactSecrets('hunter2', [], '#')).toBe('hunter2');
  });
});
