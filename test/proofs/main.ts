/**
 * Prints each promise of docs/promises.md with its result and its tests, whose names say which fault they cause.
 *
 *   npm run promises                      runs the tests that name promises
 *   npm run promises -- --report FILE     reads what vitest's JSON reporter wrote of an earlier run
 *   npm run promises -- --all             shows every test, not the first few of each file
 *
 * Exit status 1: a promise is broken, or has no test that ran.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PENDING } from './pending.ts';
import { ANY_CODE, promisesIn } from './promises.ts';
import { brokenFiles, proofsOf, type TestReport, tableOf } from './table.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SHOWN_OF_A_FILE = 4;

const { values } = parseArgs({ options: { report: { type: 'string' }, all: { type: 'boolean', default: false } } });

function reportOfARun(): string {
  const folder = mkdtempSync(join(tmpdir(), 'provider-health-promises-'));
  const file = join(folder, 'report.json');
  try {
    // The progress goes to stderr: stdout is for the table.
    spawnSync(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '-t',
        ANY_CODE,
        '--reporter=dot',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ],
      { cwd: ROOT, stdio: ['ignore', process.stderr, process.stderr] },
    );
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const text = values.report === undefined ? reportOfARun() : readFileSync(values.report, 'utf8');
const report = JSON.parse(text) as TestReport;
const promises = promisesIn(readFileSync(join(ROOT, 'docs/promises.md'), 'utf8'));
const proven = proofsOf(promises, report, { root: ROOT, pending: PENDING });
const broken = brokenFiles(report);

console.log(tableOf(proven, values.all ? Number.POSITIVE_INFINITY : SHOWN_OF_A_FILE));
for (const line of broken) console.log(`could not be run: ${line}`);
const isProven = proven.every(({ result }) => result === 'holds' || result === 'pending');
process.exitCode = isProven && broken.length === 0 ? 0 : 1;
