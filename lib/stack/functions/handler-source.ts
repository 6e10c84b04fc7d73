/**
 * One file of functions/, bundled with all it imports: how the handlers are made in this repository, and what the
 * package has of them. esbuild is loaded when it is needed: the package brings what it made, and runs without it.
 */

import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Each a file of functions/, without its ending. */
export const HANDLERS = ['check', 'api', 'manage', 'alerts'] as const;

export type HandlerName = (typeof HANDLERS)[number];

export interface HandlerFile {
  name: string;
  contents: Uint8Array;
}

export const FUNCTIONS = fileURLToPath(new URL('../../../functions', import.meta.url));

const replacement = (name: string) => fileURLToPath(new URL(`replaced/${name}.cjs`, import.meta.url));

/**
 * What would cost a cold start most, replaced by what costs it least. An ES `import` of node:http or node:crypto reads all
 * they export, so that Node loads its own WebSocket, fetch and WebCrypto, which are not used: 30 ms of CPU. `require` does not.
 */
const REPLACED = {
  undici: replacement('undici'),
  'node:http': replacement('node-http'),
  'node:crypto': replacement('node-crypto'),
};

/** undici and other CommonJS inside the bundle call `require`, which an ES module does not have. */
const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

export function bundleSource(handler: HandlerName): HandlerFile[] {
  // A synthesis cannot wait for a promise, and `import` makes one.
  const require = createRequire(import.meta.url);
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [join(FUNCTIONS, `${handler}.ts`)],
    bundle: true,
    // What is imported when first needed stays out of the module that every cold start reads.
    splitting: true,
    outExtension: { '.js': '.mjs' },
    entryNames: 'index',
    chunkNames: '[name]-[hash]',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // ES modules first, of which esbuild drops what is not used; the AWS SDK too is bundled, so that its version is ours.
    mainFields: ['module', 'main'],
    alias: { ...REPLACED, 'undici-files': dirname(require.resolve('undici/package.json')) },
    minify: true,
    legalComments: 'none',
    // Beside the module and not linked from it: read by people after a crash, never by Lambda at a cold start.
    sourcemap: 'external',
    // File and line are enough to look at the source of that version; with it, the package would be twice as large.
    sourcesContent: false,
    banner: { js: REQUIRE_BANNER },
    // Not written here, so that the map's paths are the same wherever cdk.out lies.
    write: false,
    outdir: FUNCTIONS,
    logLevel: 'warning',
  });
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), contents }));
}
