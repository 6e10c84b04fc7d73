/**
 * A step of `npm run build`: bundles the command line into modules of the package. The package's dependencies stay outside
 * the bundle. The API's web framework is a development dependency, so it goes into the bundle.
 */

import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** @returns The path of the bundled program. */
export function buildCommandLine(outdir: string): string {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
    dependencies: Record<string, string>;
    peerDependencies: Record<string, string>;
  };
  buildSync({
    entryPoints: [`${ROOT}bin/provider-health.ts`],
    outdir,
    bundle: true,
    splitting: true,
    minifySyntax: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: Object.keys({ ...dependencies, ...peerDependencies }),
    logLevel: 'warning',
  });
  const program = join(outdir, 'provider-health.js');
  chmodSync(program, 0o755);
  return program;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildCommandLine(join(ROOT, 'dist/cli'));
