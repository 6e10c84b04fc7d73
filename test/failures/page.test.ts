import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CATALOGUE } from '../../lib/failures/catalogue/all.ts';
import { signaturesOf } from '../../lib/failures/signature.ts';
import { failuresPage, PAGE } from './page.ts';

it('docs/failures.md is what `npm run -s docs:failures` writes', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(failuresPage());
});

it('the page can be searched for every code and phrase', () => {
  const page = failuresPage();
  const words = Object.values(CATALOGUE)
    .flatMap(signaturesOf)
    .flatMap(({ code, says }) => [code?.replace(/^(finish:|e(?=\d))/, ''), says?.replace(/^=/, '').split('…')[0]]);
  expect(words.filter((word) => word !== undefined && !page.includes(word))).toEqual([]);
});
