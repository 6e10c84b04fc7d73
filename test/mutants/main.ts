/**
 * Mutation testing: changes the code in one small place, runs the tests of its part, and counts the changes that no test
 * notices. Prints the score of each file and each mutant that lived; docs/mutants.md says why those may live.
 *
 *   npm run mutants                        all parts
 *   npm run mutants -- egress store        some parts
 *   npm run mutants -- lib/egress/guard.ts some files
 *
 * Exit status 1: a file's score is below the limit, or a mutant lived for which docs/mutants.md has no reason.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import { PARTS, type Part, partsToRun } from './parts.ts';
import { type Mutant, reasonsIn, reportOf } from './report.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROCESSES = Number(process.env.MUTANTS_PROCESSES ?? 2);

async function mutantsOf({ name, files, tests }: Part, folder: string): Promise<Mutant[]> {
  console.error(`${name}: ${files.join(', ')}`);
  // Read by the workers, which inherit it.
  process.env.MUTANTS_TESTS = tests.join(',');
  const results = await new Stryker({
    mutate: files.map((file) => (file.endsWith('.ts') ? file : `${file}/**/*.ts`)),
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner', join(ROOT, 'test/mutants/unreachable.mjs')],
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
    timeoutFactor: 4,
    logLevel: 'warn',
    fileLogLevel: 'off',
  } as ConstructorParameters<typeof Stryker>[0]).runMutationTest();
  const texts = new Map<string, string>();
  for (const file of new Set(results.map(({ fileName }) => fileName))) texts.set(file, await readFile(file, 'utf8'));
  return results.map(({ fileName, location, replacement, status }) => ({
    file: fileName.slice(ROOT.length),
    line: location.start.line,
    original: between(texts.get(fileName) ?? '', location),
    replacement: replacement ?? '',
    status,
  }));
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
try {
  for (const part of parts) mutants.push(...(await mutantsOf(part, folder)));
} finally {
  await rm(folder, { recursive: true, force: true });
}
const reasons = reasonsIn(await readFile(join(ROOT, 'docs/mutants.md'), 'utf8'));
const { text, isGood } = reportOf(mutants, reasons);
console.log(text);
process.exitCode = isGood ? 0 : 1;
