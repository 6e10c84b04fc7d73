import { describe, expect, it } from 'vitest';
import { folded, type Row, signaturesOf } from '../../lib/failures/signature.ts';

const signature = (fields: object) => ({
  category: 'quota',
  code: undefined,
  says: undefined,
  status: undefined,
  advice: undefined,
  ...fields,
});

describe('a row of the catalogue', () => {
  it.each<[Row, object[]]>([
    ['code', [{ code: 'code' }]],
    ['one|other', [{ code: 'one' }, { code: 'other' }]],
    ['~a phrase', [{ says: 'a phrase' }]],
    ['=all of it', [{ says: '=all of it' }]],
    ['=all ~ of = it', [{ says: '=all ~ of = it' }]],
    ['code=all of it', [{ code: 'code', says: '=all of it' }]],
    [
      'code~one~other',
      [
        { code: 'code', says: 'one' },
        { code: 'code', says: 'other' },
      ],
    ],
    ['code|~phrase', [{ code: 'code' }, { says: 'phrase' }]],
    ['@429', [{ status: 429 }]],
    ['@429 code', [{ status: 429, code: 'code' }]],
    [
      '@429 code|~phrase >wait',
      [
        { status: 429, code: 'code', advice: 'wait' },
        { status: 429, says: 'phrase', advice: 'wait' },
      ],
    ],
    ['code >wait', [{ code: 'code', advice: 'wait' }]],
    ['@402 >pay', [{ status: 402, advice: 'pay' }]],
    ['mail@429', [{ code: 'mail@429' }]],
    ['code > much', [{ code: 'code > much' }]],
  ])('%s', (row, words) => {
    expect(signaturesOf({ quota: [row] })).toEqual(words.map(signature));
  });

  it('means its category, and stands in the order of the catalogue', () => {
    const rows = signaturesOf({ auth: ['a', 'b'], quota: ['c'] });
    expect(rows.map(({ code, category }) => `${code} ${category}`)).toEqual(['a auth', 'b auth', 'c quota']);
  });
});

it.each([
  ['ModelNotFound', 'modelnotfound'],
  ['model_not-found.', 'modelnotfound'],
  ['(2056)', '(2056'],
  ['finish:network_error', 'finish:networkerror'],
  ['余额不足 1', '余额不足1'],
  ['__ --', ''],
])('the code %s is compared as %s', (code, bare) => {
  expect(folded(code)).toBe(bare);
});
