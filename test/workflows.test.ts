import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const FOLDER = new URL('../.github/workflows/', import.meta.url);

it.each(readdirSync(FOLDER))('workflow %s › pins every action by its commit, and names the version', (file) => {
  const lines = readFileSync(new URL(file, FOLDER), 'utf8').split('\n');
  const actions = lines.filter((line) => /^\s*(- )?uses:/.test(line));
  expect(actions).not.toEqual([]);
  // A tag can be moved to other code; a commit cannot.
  expect(actions.filter((line) => !/uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});
