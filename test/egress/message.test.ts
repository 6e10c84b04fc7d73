import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeMessage } from '../../lib/egress/message.ts';
import { Secret } from '../../lib/keys/secret.ts';
import { anyCharacter } from '../support/any-character.ts';

const KEY = 'q7Zp-4_xV.w/9+Lk"2mT&8rYb=3N';
const secrets = [new Secret(KEY)];

const hex = Buffer.from(KEY).toString('hex');
const base64 = Buffer.from(KEY).toString('base64');

/** Every 12 characters of the key, in every form in which they could be read back. */
function leaks(message: string): string[] {
  const forms = [KEY, hex, base64, encodeURIComponent(KEY), JSON.stringify(KEY).slice(1, -1)];
  const found: string[] = [];
  for (const form of forms) {
    for (let at = 0; at + 24 <= form.length; at++) {
      if (message.toLowerCase().includes(form.slice(at, at + 24).toLowerCase())) found.push(form.slice(at, at + 24));
    }
  }
  for (let at = 0; at + 12 <= KEY.length; at++) {
    if (message.includes(KEY.slice(at, at + 12))) found.push(KEY.slice(at, at + 12));
  }
  return found;
}

const escapeAll = (text: string, escaped: (code: number) => string) =>
  Array.from(text, (character) => escaped(character.charCodeAt(0))).join('');

const echoes: readonly [string, string][] = [
  ['as it is', `wrong key ${KEY} here`],
  ['in capitals', `wrong key ${KEY.toUpperCase()} here`],
  ['percent-encoded', `wrong key ${encodeURIComponent(KEY)} here`],
  ['percent-encoded twice', `wrong key ${encodeURIComponent(encodeURIComponent(KEY))} here`],
  ['with each character percent-encoded', `wrong key ${escapeAll(KEY, (c) => `%${c.toString(16)}`)} here`],
  ['inside a JSON text', `wrong key ${JSON.stringify(KEY)} here`],
  ['inside a JSON text inside a JSON text', `wrong key ${JSON.stringify(JSON.stringify(KEY))} here`],
  ['in unicode escapes', `wrong key ${escapeAll(KEY, (c) => `\\u${c.toString(16).padStart(4, '0')}`)} here`],
  ['in HTML entities', `wrong key ${escapeAll(KEY, (c) => `&#${c};`)} here`],
  ['in base64', `wrong key ${base64} here`],
  ['in base64 for URLs', `wrong key ${Buffer.from(KEY).toString('base64url')} here`],
  ['in base64 after one other byte', `wrong key ${Buffer.from(`:${KEY}`).toString('base64')} here`],
  ['in base64 between other bytes', `wrong key ${Buffer.from(`u:${KEY}:x`).toString('base64')} here`],
  ['in base64 over several lines', `wrong key ${base64.replace(/(.{9})/g, '$1\r\n')} here`],
  ['in hex', `wrong key ${hex} here`],
  ['in hex capitals', `wrong key ${hex.toUpperCase()} here`],
  ['with invisible characters in it', `wrong key ${Array.from(KEY).join('\u200b')} here`],
];

describe('safeMessage', () => {
  it.each(echoes)('K1: hides a key echoed %s', (_, text) => {
    const message = safeMessage(text, secrets);
    expect(leaks(message)).toEqual([]);
    expect(message).toMatch(/^wrong key .*\*\*\*.* here$/);
    expect(message.length).toBeLessThan(48);
  });

  it('K1: hides any 12 characters of a key, wherever they lie', () => {
    fc.assert(
      fc.property(
        fc.nat(KEY.length - 12),
        fc.integer({ min: 12, max: KEY.length }),
        fc.string({ maxLength: 500 }),
        fc.string({ maxLength: 500 }),
        (from, length, before, after) => {
          expect(leaks(safeMessage(before + KEY.slice(from, from + length) + after, secrets))).toEqual([]);
        },
      ),
    );
  });

  it('K1: hides a key that the cut would run through', () => {
    for (let before = 270; before < 310; before++) {
      expect(leaks(safeMessage('x'.repeat(before) + KEY, secrets))).toEqual([]);
    }
  });

  it('hides the whole of a short key', () => {
    expect(safeMessage('no such user: hunter2', [new Secret('hunter2')])).toBe('no such user: ***');
  });

  it('leaves a text alone when there is no key', () => {
    expect(safeMessage('model gpt-6-luna not found', [])).toBe('model gpt-6-luna not found');
    expect(safeMessage('model gpt-6-luna not found', [new Secret('')])).toBe('model gpt-6-luna not found');
  });

  it.each([
    ['Incorrect API key provided: sk-proj-****************wxyz.', 'Incorrect API key provided: ***'],
    ['sent Bearer abc-12, x', 'sent Bearer ***, x'],
    ['sent basic   dXNlcjpwYXNz=', 'sent basic ***'],
    ...[
      'sk',
      'pk',
      'rk',
      'xai',
      'gsk',
      'csk',
      'hf',
      'nvapi',
      'pplx',
      'tgp',
      'fw',
      'r8',
      'glpat',
      'ghp',
      'gho',
      'github_pat',
      'xoxb',
    ].flatMap((prefix) => [
      [`key ${prefix}-ab.3*5 here`, 'key *** here'],
      [`key ${prefix.toUpperCase()}_abc456 here`, 'key *** here'],
    ]),
    ['API key AIza_-34567890 is invalid', 'API key *** is invalid'],
    ['token ya29.a_b-c. expired', 'token *** expired'],
    ['AKIA0123456789+/ and ASIA0123456789== and ABSKabcdefghijkl', '*** and *** and ***'],
    ['token eyJ01-45_78 expired', 'token *** expired'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln expired', 'token *** expired'],
    ['x-api-key: 012345 is revoked', 'x-api-key: *** is revoked'],
    ['x-goog-api-key: 012345 is revoked', 'x-goog-api-key: *** is revoked'],
    ['{"api_key":"012345","b":1}', '{"api_key":"***","b":1}'],
    ["{'apiKey' : '012345'}", "{'apiKey' : '***'}"],
    ['access_token=012345&b=1', 'access_token=***&b=1'],
    ['authorization: 012345; next', 'authorization: ***; next'],
    ['GET /v1?key=01&alt=sse failed', 'GET /v1?key=***&alt=sse failed'],
    ['GET "/v1?a=b&token=01" failed', 'GET "/v1?a=b&token=***" failed'],
    [
      'HTTP 302 to https://a.example/?token=01: it is not followed',
      'HTTP 302 to https://a.example/?token=***: it is not followed',
    ],
    ['got api_key=012345. Check it', 'got api_key=***. Check it'],
    ['got api_key=01.2345 there', 'got api_key=*** there'],
    ['got password=hunter2, no', 'got password=***, no'],
  ])('hides what looks like a key in %j', (text, expected) => {
    expect(safeMessage(text, [])).toBe(expected);
  });

  it('hides a key behind the word Bearer in a header', () => {
    expect(safeMessage('sent Authorization: Bearer abc.def-ghi_jkl', [])).not.toContain('abc');
  });

  it.each([
    'bearer of the ring, forbearer ofthering',
    'basic x, a bearer-token',
    'sk-ab.3*, task-oriented, ask_anything',
    'AIza_-3456789, xAIza_-34567890',
    'ya29.a_b-c, ya29-abcdef, xya29.abcdef',
    'AKIA0123456789+, XAKIA0123456789+/',
    'eyJ01-45_7, keyJ01-45_78',
    'api_key: 01234, api key 012345, my_api_key_012345',
    'the key=012345, ?monkey=012345, ?key=',
  ])('leaves %j as it is: too short for a key, or part of a word', (text) => {
    expect(safeMessage(text, [])).toBe(text);
  });

  it('K5: escapes control characters, line separators and bidi marks', () => {
    expect(safeMessage('a\nb\u0000c\u001b[31md\u2028e\u202ef\u200eg\u0085h', [])).toBe(
      'a\\nb\\u0000c\\u001b[31md\\u2028e\\u202ef\\u200eg\\u0085h',
    );
    expect(safeMessage('a\r\tb\u{e0041}\ud800', [])).toBe('a\\r\\tb\\u{e0041}\\ud800');
  });

  it('K5: leaves no unsafe character of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 400 }), (text) => {
        expect(safeMessage(text, secrets)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  it('S5: keeps at most 300 code points, and never half a character', () => {
    const message = safeMessage('😀'.repeat(400), []);
    expect(Array.from(message)).toHaveLength(300);
    expect(message).toMatch(/^(😀){299}…$/u);
    expect(safeMessage('x'.repeat(300), [])).toBe('x'.repeat(300));
  });

  it('S5: is bounded for a text of any size', () => {
    expect(Array.from(safeMessage('\u0007'.repeat(1_000_000), secrets))).toHaveLength(300);
    // Later text is not searched, so it is not shown either.
    expect(safeMessage(`Bearer ${'x'.repeat(4090)} and more`, [])).toBe('Bearer ***');
  });
});
