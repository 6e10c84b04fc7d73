/**
 * A step of `npm run build`: the command line as modules of the package. What the package depends on stays outside;
 * the web framework of the API goes in, since no other program needs it.
 */

import { chmodSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { dependencies, peerDependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

buildSync({
  entryPoints: [`${ROOT}bin/provider-health.ts`],
  outdir: `${ROOT}dist/cli`,
  bundle: true,
  splitting: true,
  minifySyntax: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: Object.keys({ ...dependencies, ...peerDependencies }),
  logLevel: 'warning',
});
chmodSync(`${ROOT}dist/cli/provider-health.js`, 0o755);
