/** The promises of docs/promises.md, and which of them a test names: its title, or one around it, has their codes. */

import { parseSync, Visitor } from 'oxc-parser';

export interface Promised {
  code: string;
  text: string;
}

/** The rows of the tables of promises. */
export function promisesIn(markdown: string): Promised[] {
  return [...markdown.matchAll(/^\| ([A-Z]\d+) \| (.+) \|$/gm)].map(([, code = '', text = '']) => ({ code, text }));
}

const CODE = '[PTSRAK]\\d{1,2}';
const CODES = `${CODE}(?:, ${CODE})*`;
/** At the beginning of a title, as in `S2, S3: …`, or in parentheses of their own, as in `… (A1, K1)`. */
const NAMED = new RegExp(`^(${CODES})\\b|(?<=\\s)\\((${CODES})\\)`, 'g');

export function codesIn(title: string): string[] {
  return [...title.matchAll(NAMED)].flatMap(([, first, inside]) => (first ?? inside ?? '').split(', '));
}

/** A title without its codes. */
export function withoutCodes(title: string): string {
  return title
    .replaceAll(NAMED, '')
    .replace(/^:?\s+/, '')
    .replaceAll(/\s+(?=[,.;:]|$)/g, '');
}

/** The pattern for vitest's `-t`, which compares it with the joined titles of a test. It finds a code at any place. */
export const ANY_CODE = `(?:^|[ (])${CODE}\\b`;

const TITLED = new Set(['describe', 'it', 'test']);

/** The titles of the tests and groups in the text of a file, as they are written; `…` is what a template puts in. */
export function titlesIn(path: string, code: string): string[] {
  const titles: string[] = [];
  const { program } = parseSync(path, code);
  new Visitor({
    CallExpression({ callee, arguments: [first] }) {
      if (first === undefined || !TITLED.has(rootOf(callee) ?? '')) return;
      if (first.type === 'Literal' && typeof first.value === 'string') titles.push(first.value);
      if (first.type === 'TemplateLiteral') titles.push(first.quasis.map(({ value }) => value.raw).join('…'));
    },
  }).visit(program);
  return titles;
}

interface Node {
  type: string;
}

/** `it` of `it`, `it.only`, `it.each(cases)` and `describe.skipIf(where).each(cases)`. */
function rootOf(node: Node): string | undefined {
  if ('object' in node) return rootOf(node.object as Node);
  if ('callee' in node) return rootOf(node.callee as Node);
  if ('tag' in node) return rootOf(node.tag as Node);
  return 'name' in node ? String(node.name) : undefined;
}
