/** A program of the tests in one file, so that a process of it starts in a tenth of the time that loading sources takes. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export interface Bundled {
  file: string;
  remove(): void;
}

/** @param entry Path of the program's source. */
export function bundled(entry: string): Bundled {
  const directory = mkdtempSync(join(tmpdir(), 'provider-health-program-'));
  const file = join(directory, 'program.mjs');
  buildSync({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    // undici and the SDK call require.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return { file, remove: () => rmSync(directory, { recursive: true }) };
}
