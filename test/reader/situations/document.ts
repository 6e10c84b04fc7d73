/** The situations as a page of the documentation. Run as a program (`npm run -s situations`), it prints and writes it. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SITUATIONS } from './situations.ts';

export const DOCUMENT = fileURLToPath(new URL('../../../docs/reader-situations.md', import.meta.url));

/** The page, with every situation played. */
export async function documentText(): Promise<string> {
  const rows: string[] = [];
  for (const { title, play } of SITUATIONS) {
    const { asked, got, waited } = await play();
    rows.push(`| ${title} | ${asked} | ${got} | ${waited} |`);
  }
  return `# What a router meets

This page shows what a router gets in twelve situations. It has three providers: \`openai\` (usually 280 ms), \`claude\` (600 ms) and
\`glm\` (900 ms), given in this order. "Seems down" means that the monitor says so. A test runs the real reader and \`withFailover\` on
a fake clock; \`npm run -s situations\` writes this page.

| situation | asked, in this order | the caller got | after |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await documentText();
  process.stdout.write(text);
  if (!process.argv.includes('--print')) writeFileSync(DOCUMENT, text);
}
