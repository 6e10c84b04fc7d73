/**
 * Mutation testing: changes the code in one small place, runs the tests of its part, and counts the changes that no test
 * notices. Prints the score of each file and each mutant that lived; docs/mutants.md says why those may live.
 *
 *   npm run mutants                        all parts
 *   npm run mutants -- guard store         some parts
 *   npm run mutants -- lib/egress/guard.ts some files
 *
 * MUTANTS_PROCESSES (2) says how many work side by side, MUTANTS_MINUTES (30) when the last part may begin: the others are
 * named and not run.
 *
 * Exit status 1: a file's score is below the limit, a mutant lived for which docs/mutants.md has no reason, or a part was
 * not run.
 */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import { PARTS, type Part, partsToRun } from './parts.ts';
import { type Mutant, reasonsIn, reportOf } from './report.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROCESSES = Number(process.env.MUTANTS_PROCESSES ?? 2);
const MINUTES = Number(process.env.MUTANTS_MINUTES ?? 30);

async function mutantsOf({ name, files, tests }: Part, folder: string): Promise<Mutant[]> {
  console.error(`${name}: ${files.join(', ')}`);
  // Read by the workers, which inherit it.
  process.env.MUTANTS_TESTS = tests.join(',');
  process.env.MUTANTS_NOTICED = join(folder, `${name}.json`);
  const texts = await textsOf(files);
  const results = await new Stryker({
    mutate: files.map((file) => (file.endsWith('.ts') ? file : `${file}/**/*.ts`)),
    testRunner: 'in-turn',
    plugins: ['@stryker-mutator/vitest-runner', join(ROOT, 'test/mutants/plugins.mjs')],
    ignorers: ['unreachable'],
    vitest: { configFile: 'test/mutants/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    concurrency: PROCESSES,
    reporters: [process.stderr.isTTY ? 'progress' : 'dots'],
    tempDirName: join(folder, name),
    // The tests run without compiling, and TypeScript 7 has no interface to rewrite its settings with.
    tsconfigFile: 'none',
    ignorePatterns: ['/dist', '/cdk.out', '/coverage'],
    // A loaded machine is slow, and no reason to count a mutant as noticed.
    timeoutMS: 30_000,
    dryRunTimeoutMinutes: 15,
    timeoutFactor: 4,
    logLevel: 'warn',
    fileLogLevel: 'off',
  } as ConstructorParameters<typeof Stryker>[0]).runMutationTest();
  return results.map(({ fileName, location, replacement, status }) => ({
    file: fileName.slice(ROOT.length),
    line: location.start.line,
    original: between(texts.get(fileName.slice(ROOT.length)) ?? '', location),
    replacement: replacement ?? '',
    status,
  }));
}

/** The files and those of the folders, as they are before they are changed: a run lasts, and people go on with their work. */
async function textsOf(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of paths) {
    const names = path.endsWith('.ts')
      ? [path]
      : (await readdir(join(ROOT, path), { recursive: true })).map((name) => join(path, name));
    for (const name of names) if (name.endsWith('.ts')) texts.set(name, await readFile(join(ROOT, name), 'utf8'));
  }
  return texts;
}

interface Place {
  line: number;
  column: number;
}

/** The text between two places; lines and columns begin at 1. */
function between(text: string, { start, end }: { start: Place; end: Place }): string {
  const lines = text.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, i) => line.slice(i === 0 ? start.column - 1 : 0, i === last ? end.column - 1 : undefined))
    .join('\n');
}

const parts = partsToRun(process.argv.slice(2), PARTS);
const folder = await mkdtemp(join(tmpdir(), 'provider-health-mutants-'));
const mutants: Mutant[] = [];
const notRun: string[] = [];
try {
  for (const part of parts) {
    if (performance.now() > MINUTES * 60_000) notRun.push(part.name);
    else mutants.push(...(await mutantsOf(part, folder)));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const reasons = reasonsIn(await readFile(join(ROOT, 'docs/mutants.md'), 'utf8'));
const { text, isGood } = reportOf(mutants, reasons);
console.log(text);
if (notRun.length > 0) console.log(`\nNot run, since ${MINUTES} minutes were over: ${notRun.join(', ')}`);
process.exitCode = isGood && notRun.length === 0 ? 0 : 1;
