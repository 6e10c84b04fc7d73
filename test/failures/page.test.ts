import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CATALOGUE, OWN_WORDS, type Writer } from '../../lib/failures/catalogue/all.ts';
import { COMMON } from '../../lib/failures/catalogue/common.ts';
import { signaturesOf } from '../../lib/failures/signature.ts';
import { COMMON_SOURCES, exceptionsOf, isSame, PARTIES } from './evidence/sources.ts';
import { failuresPage, PAGE } from './page.ts';

it('docs/failures.md is what `npm run -s docs:failures` writes', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(failuresPage());
});

it('the page can be searched for every code and phrase', () => {
  const page = failuresPage();
  const words = Object.values(CATALOGUE)
    .flatMap(signaturesOf)
    .flatMap(({ code, says }) => [code?.replace(/^(finish:|e(?=\d))/, ''), says?.replace(/^=/, '')]);
  expect(words.filter((word) => word !== undefined && !page.includes(word))).toEqual([]);
});

it('every row of a party has a place where it was found, and every exception is a row', () => {
  const strays = (Object.keys(PARTIES) as Writer[]).flatMap((writer) => {
    const { docs, code, reports } = PARTIES[writer];
    const rows = [CATALOGUE, OWN_WORDS].flatMap((words) => signaturesOf({ ...words }[writer as never] ?? {}));
    const exceptions = exceptionsOf(writer).filter((one) => !rows.some((row) => isSame(row, one)));
    const isPlaced = (docs ?? code ?? reports) !== undefined;
    return [
      ...exceptions.map((one) => `${writer}: ${one.code ?? ''} ${one.says ?? ''}`),
      ...(isPlaced ? [] : [writer]),
    ];
  });
  expect(strays).toEqual([]);
  const unsourced = signaturesOf(COMMON).filter(({ code = '' }) => !(code in COMMON_SOURCES));
  expect(unsourced).toEqual([]);
});
