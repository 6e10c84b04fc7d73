import { describe, expect, it } from 'vitest';
import { isTooDeepValue, MAX_JSON_DEPTH, parseJson, readJsonText } from '../../lib/base/json.ts';

const arrays = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const objects = (levels: number) => '{"a":'.repeat(levels) + 0 + '}'.repeat(levels);
const TOO_DEEP = { ok: false, reason: 'too_deep' };

describe('a JSON text', () => {
  it.each([
    ['{"a":[1,"b",null]}', { a: [1, 'b', null] }],
    ['null', null],
    ['"["', '['],
  ])('%s is read', (text, value) => {
    expect(readJsonText(text)).toEqual({ ok: true, value });
    expect(parseJson(text)).toEqual(value);
  });

  it.each(['', '{', 'undefined', '{"a":1,}', '<html>'])('%j is none', (text) => {
    expect(readJsonText(text)).toEqual({ ok: false, reason: 'not_json' });
    expect(parseJson(text)).toBeUndefined();
  });

  it.each([arrays, objects])('is read down to the limit, and no deeper', (nested) => {
    expect(readJsonText(nested(MAX_JSON_DEPTH))).toMatchObject({ ok: true });
    expect(readJsonText(nested(MAX_JSON_DEPTH + 1))).toEqual(TOO_DEEP);
    expect(parseJson(nested(MAX_JSON_DEPTH + 1))).toBeUndefined();
  });

  it('may have as many brackets side by side, and within strings, as it likes', () => {
    const many = `[${Array.from({ length: 5000 }, () => '[],{}').join(',')}]`;
    const inStrings = JSON.stringify(['['.repeat(500), '\\"['.repeat(500), '"'.repeat(500), '{'.repeat(500)]);
    expect(readJsonText(many)).toMatchObject({ ok: true });
    expect(readJsonText(inStrings)).toEqual({ ok: true, value: JSON.parse(inStrings) });
  });

  it.each([
    ['brackets that never close', '['.repeat(1_048_576)],
    ['brackets after an escaped quote', `["\\"",${'['.repeat(1_048_576)}`],
    ['brackets that close', arrays(524_288)],
    ['an object in an object', objects(150_000)],
  ])('of a megabyte of %s is refused before it is parsed', (_, text) => {
    expect(readJsonText(text)).toEqual(TOO_DEEP);
  });
});

describe('a value that a program passes', () => {
  it('may be as deep as a text', () => {
    expect(isTooDeepValue(JSON.parse(objects(MAX_JSON_DEPTH)))).toBe(false);
    expect(isTooDeepValue(JSON.parse(objects(MAX_JSON_DEPTH + 1)))).toBe(true);
    expect(isTooDeepValue(JSON.parse(arrays(MAX_JSON_DEPTH + 1)))).toBe(true);
    expect(isTooDeepValue([[1], { a: [2] }, 'text', null, undefined])).toBe(false);
  });

  it('is too deep when it contains itself', () => {
    const endless: Record<string, unknown> = {};
    endless.itself = { list: [endless] };
    expect(isTooDeepValue(endless)).toBe(true);
  });
});
