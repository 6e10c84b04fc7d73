/**
 * A step of `npm run build`: the modules of dist/esm once more as CommonJS, in dist/cjs, file by file, so that `.`, `./reader` and
 * `./cdk` share their classes there as they do in ES modules. For `require`, and for test runners that know nothing else.
 */

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const MODULES = fileURLToPath(new URL('../../dist/esm', import.meta.url));
const TARGET = fileURLToPath(new URL('../../dist/cjs', import.meta.url));

/** The address of the module, which CommonJS does not have. */
const MODULE_URL = '__moduleUrl';
const URL_BANNER = `const ${MODULE_URL}=require('node:url').pathToFileURL(__filename).href;`;

const modules = readdirSync(MODULES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.js'))
  .map((file) => join(MODULES, file));
const askingForTheirAddress = new Set(modules.filter((file) => readFileSync(file, 'utf8').includes('import.meta.url')));

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
    // jest runs no `import()` without a flag of Node.
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
  });
}

convert([...askingForTheirAddress], URL_BANNER);
convert(
  modules.filter((file) => !askingForTheirAddress.has(file)),
  '',
);
// The types of a module say by the package.json above them which kind it is.
cpSync(MODULES, TARGET, { recursive: true, filter: (path) => !path.endsWith('.js') });
writeFileSync(join(TARGET, 'package.json'), `${JSON.stringify({ type: 'commonjs', sideEffects: false })}\n`);
