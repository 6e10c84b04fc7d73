/**
 * `npm run page`: bundles lib/api/page/browser and writes the result into one module. The local monitor, the Lambda function
 * and the package import that module, so they need no build step and no asset files. A test fails when it is out of date.
 */

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const PAGE = fileURLToPath(new URL('../api/page', import.meta.url));
export const ASSETS_FILE = join(PAGE, 'generated/assets.ts');

/** The source text that the module with the assets must have. */
export function assetsModule(): string {
  const { outputFiles } = buildSync({
    entryPoints: ['page.ts', 'chart.ts', 'page.css'].map((name) => join(PAGE, 'browser', name)),
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome109', 'firefox115', 'safari16'],
    // uPlot's licence must stay with its code.
    legalComments: 'inline',
    write: false,
    outdir: PAGE,
    logLevel: 'warning',
  });
  const assets = outputFiles.map(({ path, text }) => [basename(path), text] as const);
  const version = createHash('sha256').update(JSON.stringify(assets)).digest('hex').slice(0, 12);
  const entries = assets.map(([name, text]) => `  '${name}':\n    ${JSON.stringify(text)},\n`).join('');
  const names = assets.map(([name]) => `'${name}'`).join(' | ');
  return `// biome-ignore-all lint: made by "npm run page"
// biome-ignore-all format: made by "npm run page"
/** Made of browser/ by \`npm run page\`. */

/** Changes with any of them, so that they may be kept for ever under an address that has it. */
export const ASSET_VERSION = '${version}';

export const ASSETS: Readonly<Record<${names}, string>> = {
${entries}};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(ASSETS_FILE, assetsModule());
