/** Limits what the reader adds to the bundle of a program whose credentials are in the environment. */

import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const DIRECTORY = join(import.meta.dirname, '../../lib/reader');

async function bundled(names: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${names} from './index.ts'`, resolveDir: DIRECTORY, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    external: ['@aws-sdk/*'],
  });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
  return { bytes: outputFiles[0]?.contents.length ?? 0, imported };
}

describe('the bundle of a program', () => {
  it.each([
    ['{ createHealthReader }', 22_800],
    ['{ createHealthReader, withFailover }', 64_100],
    ['*', 69_200],
  ])('with %s grows by no more than %i bytes', async (names, most) => {
    expect((await bundled(names)).bytes).toBeLessThanOrEqual(most);
  });

  it('imports no package before it is needed', async () => {
    const { imported } = await bundled('*');
    expect(imported.filter(({ kind }) => kind !== 'dynamic-import')).toEqual([]);
    expect(new Set(imported.map(({ path }) => path))).toEqual(
      new Set(['@aws-sdk/client-dynamodb', 'node:crypto', 'node:fs']),
    );
  });
});
