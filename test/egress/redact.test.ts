import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../lib/egress/redact.ts';
import { MOST_VIEWS, viewsOf } from '../../lib/egress/redact-views.ts';
import { Secret } from '../../lib/keys/secret.ts';
import { ENCODINGS, leaksOf } from '../promises/leaks.ts';
import { filled, HOSTILE, KEY } from './hostile.ts';

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

it('a key that was encoded more often than any software does has as many views as there may be', () => {
  expect([...viewsOf('%2525252525252541')]).toHaveLength(MOST_VIEWS);
});
