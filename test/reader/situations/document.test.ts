import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DOCUMENT, documentText } from './document.ts';
import { SITUATIONS } from './situations.ts';

it('the page of situations › has twelve, and is what they come to now (npm run -s situations writes it)', async () => {
  expect(SITUATIONS).toHaveLength(12);
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(await documentText());
});
