import { describe, expect, it } from 'vitest';
import type { Layer } from '../../../lib/failures/layer.ts';
import { excerptOf, isErrorBody, shownCodes, shownWords } from '../../../lib/probe/failure/body.ts';

const layer = (fields: Partial<Layer> = {}): Layer => ({
  depth: 0,
  writer: null,
  upstream: null,
  codes: [],
  message: null,
  ...fields,
});

describe('a body', () => {
  it.each([
    { error: { message: 'no' } },
    { error: 'no' },
    [{ error: {} }],
    { errors: [{ message: 'no' }] },
    { choices: [{ error: { message: 'no' } }] },
    { response: { error: { message: 'no' } } },
    { object: 'error' },
    { type: 'error' },
    { error_code: 17 },
    { error_code: '17' },
    { base_resp: { status_code: 1004 } },
    { base_resp: { status_code: '1004' } },
  ])('says that it is an error: %j', (body) => {
    expect(isErrorBody(body)).toBe(true);
  });

  it.each([
    [null],
    ['error'],
    [[]],
    [{}],
    [{ error: null, errors: [], choices: [{ error: null }] }],
    [{ error: '', errors: 'none', choices: [] }],
    [{ error: false }],
    [{ object: 'list', type: 'message' }],
    [{ error_code: 0 }],
    [{ error_code: 'none' }],
    [{ base_resp: { status_code: 0 } }],
    [{ base_resp: { status_code: '0' } }],
    [{ base_resp: { status_code: null } }],
    [{ base_resp: {} }],
    [[[{ error: {} }]]],
  ])('does not: %j', (body) => {
    expect(isErrorBody(body)).toBe(false);
  });
});

describe('the codes that are shown', () => {
  it.each<[string[], string[]]>([
    [['invalid_api_key'], ['invalid_api_key']],
    [
      ['a', 'a', 'b', 'c'],
      ['a', 'b'],
    ],
    // The status is there already.
    [['401', 'denied'], ['denied']],
    [
      ['403', 'denied'],
      ['403', 'denied'],
    ],
    // Codes that this project made: from words of a message, or for a kind of body.
    [['html', 'text', 'empty', '~429', '(2056)', 'PerDay', 'PerMinute', 'cf-mitigated', 'x-amzn-waf-action'], []],
    [
      ['html5', 'context'],
      ['html5', 'context'],
    ],
    [
      ['emptybody', 'PerDays'],
      ['emptybody', 'PerDays'],
    ],
    [
      ['isempty', 'asPerDay'],
      ['isempty', 'asPerDay'],
    ],
  ])('of %j are %j', (codes, shown) => {
    expect(shownCodes(layer({ codes }), 401)).toEqual(shown);
  });

  it('are none where nothing decided but the status', () => {
    expect(shownCodes(null, 401)).toEqual([]);
  });
});

describe('the words that are shown', () => {
  const inner = layer({ message: 'inner' });
  const outer = layer({ message: 'outer' });

  it.each<[string, Layer | null, Layer[], string]>([
    ['those that decided', outer, [inner, outer], 'outer'],
    ['the innermost where a code decided', layer({ codes: ['x'] }), [layer(), inner, outer], 'inner'],
    ['the innermost where the words that decided are empty', layer({ message: '' }), [inner], 'inner'],
    ['the innermost where the status decided', null, [inner, outer], 'inner'],
    ['with the one who wrote them', layer({ message: 'no', upstream: 'Fireworks' }), [], 'Fireworks: no'],
    ['the body where there are no words', layer({ codes: ['x'] }), [layer()], 'the body'],
    ['the body where it is a page', layer({ message: 'text of the page', codes: ['x', 'html'] }), [], 'the body'],
    ['the body where nothing was found in it', null, [], 'the body'],
  ])('are %s', (_, deciding, layers, words) => {
    expect(shownWords(deciding, layers, ' the body\n')).toBe(words);
  });
});

describe('what a body looks like', () => {
  it.each([
    ['', 'an empty body'],
    [' \n', 'an empty body'],
    [' upstream connect error ', 'upstream connect error'],
    ['x'.repeat(501), 'x'.repeat(500)],
    ['<!doctype html><title>Bad &amp; gone</title>', 'an HTML page "Bad &amp; gone"'],
    ['\n<HTML><TITLE lang="en">\n Sign in\n</TITLE>', 'an HTML page "Sign in"'],
    ['<head></head>', 'an HTML page'],
    ['<body><title> </title>', 'an HTML page'],
    [`<html>${' '.repeat(4096)}<title>Too late</title>`, 'an HTML page'],
    ['<p>no page</p>', '<p>no page</p>'],
    ['see <html>', 'see <html>'],
  ])('of %j: %s', (body, shown) => {
    expect(excerptOf(body)).toBe(shown);
  });
});
