/**
 * Bundles a file of functions/ with all its imports. The repository bundles at synth; the published package contains
 * the bundles and needs no esbuild, so esbuild is loaded only here.
 */

import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names of files in functions/, without extension. */
export const HANDLERS = ['check', 'api', 'manage', 'alerts'] as const;

export type HandlerName = (typeof HANDLERS)[number];

export interface HandlerFile {
  name: string;
  contents: Uint8Array;
}

export const FUNCTIONS = fileURLToPath(new URL('../../../functions', import.meta.url));

const replacement = (name: string) => fileURLToPath(new URL(`replaced/${name}.cjs`, import.meta.url));

/**
 * Replacements for the imports that make a cold start slow. An ES `import` of node:http or node:crypto reads all
 * exports, so Node loads its WebSocket, fetch and WebCrypto, which are not used: 30 ms of CPU. `require` does not.
 */
const REPLACED = {
  undici: replacement('undici'),
  'node:http': replacement('node-http'),
  'node:crypto': replacement('node-crypto'),
};

/** CommonJS modules in the bundle, such as undici, call `require`, which an ES module does not have. */
const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

export function bundleSource(handler: HandlerName): HandlerFile[] {
  // `require`, because synthesis is synchronous and `import()` returns a promise.
  const require = createRequire(import.meta.url);
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [join(FUNCTIONS, `${handler}.ts`)],
    bundle: true,
    // Dynamic imports become files of their own, which a cold start does not read.
    splitting: true,
    outExtension: { '.js': '.mjs' },
    entryNames: 'index',
    chunkNames: '[name]-[hash]',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Prefer ES modules, since esbuild can drop their unused parts. The AWS SDK is bundled too, so that its version is
    // fixed.
    mainFields: ['module', 'main'],
    alias: { ...REPLACED, 'undici-files': dirname(require.resolve('undici/package.json')) },
    minify: true,
    legalComments: 'none',
    // A separate source map without a link in the module: for people after a crash, not read at a cold start.
    sourcemap: 'external',
    // File and line are enough to find the source of that version. With the sources the package would be twice as
    // large.
    sourcesContent: false,
    banner: { js: REQUIRE_BANNER },
    // Do not write files here, so that the paths in the map do not depend on the place of cdk.out.
    write: false,
    outdir: FUNCTIONS,
    logLevel: 'warning',
  });
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), contents }));
}
