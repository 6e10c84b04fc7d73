import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../support/imports.ts';
import { PENDING } from './pending.ts';
import { codesIn, promisesIn, titlesIn, withoutCodes } from './promises.ts';
import { brokenFiles, proofsOf, tableOf } from './table.ts';

const ROOT = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

describe('the promises of docs/promises.md', () => {
  const promised = promisesIn(textOf('docs/promises.md')).map(({ code }) => code);
  const named = sourceFiles('test').flatMap(({ path }) =>
    titlesIn(path, textOf(path)).flatMap((title) => codesIn(title).map((code) => ({ code, path, title }))),
  );
  const proven = new Set(named.map(({ code }) => code));

  it('have a code each, of their own', () => {
    expect(promised.length).toBeGreaterThan(40);
    expect(promised).toEqual([...new Set(promised)]);
  });

  it('have a test each that is named after them', () => {
    expect(promised.filter((code) => !proven.has(code) && !PENDING.includes(code))).toEqual([]);
  });

  it('are what the codes in the names of tests stand for', () => {
    expect(named.filter(({ code }) => !promised.includes(code))).toEqual([]);
  });

  it('are no longer pending when they have a test', () => {
    expect(PENDING.filter((code) => proven.has(code) || !promised.includes(code))).toEqual([]);
  });
});

describe('the codes of a title', () => {
  it.each([
    ['S1: a monitor is killed', ['S1'], 'a monitor is killed'],
    ['K1, K5, P8: it leaves one line', ['K1', 'K5', 'P8'], 'it leaves one line'],
    ['A1 a browser gets a page', ['A1'], 'a browser gets a page'],
    ['refuses a second within 10 s (A2)', ['A2'], 'refuses a second within 10 s'],
    ['$name leaves no socket (P8), and shows no key (K1)', ['P8', 'K1'], '$name leaves no socket, and shows no key'],
    ['names every mistake (A1, K1)', ['A1', 'K1'], 'names every mistake'],
    ['=SUM(A1) stays text', [], '=SUM(A1) stays text'],
    ['T0 is no promise of 03-05T00', ['T0'], 'is no promise of 03-05T00'],
    ['an S3 bucket', [], 'an S3 bucket'],
  ])('in %j are %j', (title, codes, rest) => {
    expect(codesIn(title)).toEqual(codes);
    expect(withoutCodes(title)).toBe(rest);
  });
});

describe('the titles of a file', () => {
  it.each([
    ["it('a', () => {})", ['a']],
    ["describe('a', () => { test('b', () => {}); })", ['a', 'b']],
    ["it.each([['no title', 1]])('a %s', () => {})", ['a %s']],
    ["describe.skipIf(true).each`x`('a', () => {})", ['a']],
    ['it(`$' + '{1}: a $' + '{2}`, () => {})', ['…: a …']],
    ["expect(x, 'no title').toBe(1)", []],
  ])('%s are %j', (code, titles) => {
    expect(titlesIn('a.ts', code)).toEqual(titles);
  });
});

describe('the table of promises', () => {
  const promises = [
    { code: 'P1', text: 'ends' },
    { code: 'P2', text: 'is fast' },
    { code: 'P3', text: 'is small' },
    { code: 'T1', text: 'comes later' },
    { code: 'T2', text: 'has nothing' },
  ];
  const result = (status: string, title: string, ...ancestorTitles: string[]) => ({ status, title, ancestorTitles });
  const report = {
    testResults: [
      {
        name: '/project/test/a.test.ts',
        assertionResults: [
          result('passed', 'never answers', 'P1: a probe ends'),
          result('passed', 'drips', 'P1: a probe ends'),
          result('passed', 'is cut (P2)'),
          result('failed', 'P2: a late answer'),
          result('skipped', 'P3: with a browser'),
        ],
      },
      { name: '/project/test/b.test.ts', message: 'no table', assertionResults: [] },
    ],
  };
  const proven = proofsOf(promises, report, { root: '/project/', pending: ['T1'] });

  it('has the result of each, by its tests', () => {
    expect(proven.map((one) => [one.promised.code, one.result])).toEqual([
      ['P1', 'holds'],
      ['P2', 'BROKEN'],
      ['P3', 'NOT RUN'],
      ['T1', 'pending'],
      ['T2', 'NO TEST'],
    ]);
  });

  it('shows the fault of each test, those that failed first, and how many it leaves out', () => {
    expect(tableOf(proven, 1).split('\n')).toEqual([
      'P1   holds    ends',
      '       test/a.test.ts: 2',
      '         ✓ a probe ends › never answers',
      '         and 1 more',
      '',
      'P2   BROKEN   is fast',
      '       test/a.test.ts: 2',
      '         ✗ a late answer',
      '         ✓ is cut',
      '',
      'P3   NOT RUN  is small',
      '       test/a.test.ts: 1',
      '         - with a browser',
      '',
      'T1   pending  comes later',
      '',
      'T2   NO TEST  has nothing',
      '',
      '5 promises: 1 holds, 1 BROKEN, 1 NOT RUN, 1 pending, 1 NO TEST',
    ]);
  });

  it('names the files that could not be run', () => {
    expect(brokenFiles(report)).toEqual(['/project/test/b.test.ts: no table']);
  });
});
