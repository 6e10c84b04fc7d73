import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../lib/egress/redact.ts';
import { MOST_VIEWS, viewsOf } from '../../lib/egress/redact-views.ts';
import { Secret } from '../../lib/keys/secret.ts';
import { ENCODINGS, leaksOf } from '../promises/leaks.ts';

const KEY = 'Zq8v+T1mXw4L/r7PnKc2Jd_hG5sB9-uE3kQ=';
const secrets = [new Secret(KEY)];
const redacted = (text: string) => redactSecrets(text, secrets, '***');

describe('K1: 12 characters of a key do not pass', () => {
  it.each(Object.entries(ENCODINGS))('%s', (_, encode) => {
    for (let from = 0; from + 12 <= KEY.length; from += 1) {
      const text = redacted(`before ${encode(KEY.slice(from, from + 12))} after`);
      expect(leaksOf(KEY, text)).toEqual([]);
      expect(text).toContain('***');
      // A letter beside it may be a digit of the key's hex: hiding it is no harm.
      expect(text).toMatch(/^bef.*ter$/);
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

describe('the work on a hostile text', () => {
  const SIZE = 64 * 1024;
  const filled = (unit: string) => unit.repeat(Math.ceil(SIZE / unit.length)).slice(0, SIZE);
  /** What every rewriting matches over and over, or begins to match and does not. */
  const HOSTILE = [
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

  it.each(HOSTILE)('is a bounded number of views, none longer than the text: %j', (unit) => {
    const text = filled(unit);
    const views = [...viewsOf(text)];
    expect(views.length).toBeLessThanOrEqual(MOST_VIEWS);
    for (const view of views) {
      expect(view.text.length).toBeLessThanOrEqual(text.length);
      expect(view.starts).toHaveLength(view.text.length);
      expect(view.ends).toHaveLength(view.text.length);
    }
  });

  it('grows with the length of the text, and not with its square', () => {
    const cpuMs = (text: string) => {
      const times = Array.from({ length: 3 }, () => {
        const before = process.cpuUsage();
        redacted(text);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      });
      return Math.min(...times);
    };
    const whole = (size: number) => HOSTILE.reduce((sum, unit) => sum + cpuMs(filled(unit).slice(0, size)), 0);
    whole(SIZE / 8);
    // Eight times the text: 8 times the work when it is linear, 64 times when it is not.
    expect(whole(SIZE) / whole(SIZE / 8)).toBeLessThan(24);
  });
});
