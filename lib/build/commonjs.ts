/**
 * A step of `npm run build`: converts each module of dist/esm to CommonJS in dist/cjs. They serve `require`, and test runners
 * that support only CommonJS. Modules are not bundled, so that `.`, `./reader` and `./cdk` share the same classes.
 */

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const MODULES = fileURLToPath(new URL('../../dist/esm', import.meta.url));
const TARGET = fileURLToPath(new URL('../../dist/cjs', import.meta.url));

/** The variable that replaces `import.meta.url`, which CommonJS does not have. */
const MODULE_URL = '__moduleUrl';
const URL_BANNER = `const ${MODULE_URL}=require('node:url').pathToFileURL(__filename).href;`;

const modules = readdirSync(MODULES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.js'))
  .map((file) => join(MODULES, file));
const modulesWithUrl = new Set(modules.filter((file) => readFileSync(file, 'utf8').includes('import.meta.url')));

function convert(entryPoints: string[], banner: string): void {
  buildSync({
    entryPoints,
    outdir: TARGET,
    outbase: MODULES,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    define: { 'import.meta.url': MODULE_URL },
    banner: { js: banner },
    // In jest, `import()` works only with a flag of Node.
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
  });
}

convert([...modulesWithUrl], URL_BANNER);
convert(
  modules.filter((file) => !modulesWithUrl.has(file)),
  '',
);
// TypeScript reads the kind of a module from the package.json above its types, so the types are copied too.
cpSync(MODULES, TARGET, { recursive: true, filter: (path) => !path.endsWith('.js') });
writeFileSync(join(TARGET, 'package.json'), `${JSON.stringify({ type: 'commonjs', sideEffects: false })}\n`);
