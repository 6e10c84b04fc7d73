/** The start of a program that has nothing but its own bundle: no AWS SDK that could be loaded, or block its first answers. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthyStatus, START } from '../support/builders.ts';
import { gateway, type ReaderTable, startReaderTable } from './support.ts';

const PROGRAM = `
  import { createHealthReader, createReporter } from './index.ts';
  const clock = { now: () => new Date('${START}'), monotonicMs: () => performance.now(), sleep: (ms, signal) =>
    new Promise((resolve) => { const timer = setTimeout(resolve, ms); signal?.addEventListener('abort', () => { clearTimeout(timer); resolve(); }); }) };
  const problems = [];
  const target = { endpoint: process.env.ENDPOINT, onProblem: ({ code }) => problems.push(code), clock };
  const health = createHealthReader({ ...target, providers: ['gamma', 'alpha'], budgetMs: Number(process.env.BUDGET_MS) });
  const first = await health.pick();
  process.stdout.write(JSON.stringify({ first }) + '\\n');
  await health.warmUp();
  const reporter = createReporter(target);
  for (let time = 0; time < 5; time++) reporter.report('gamma', { ok: false, error: { status: 503 } });
  await reporter.flush();
  process.stdout.write(JSON.stringify({ warm: await health.pick(), problems }));
`;

let folder: string;
let table: ReaderTable;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provider-health-'));
  table = await startReaderTable();
  await build({
    stdin: { contents: PROGRAM, resolveDir: join(import.meta.dirname, '../../lib/reader'), loader: 'ts' },
    bundle: true,
    outfile: join(folder, 'program.mjs'),
    format: 'esm',
    platform: 'node',
    external: ['@aws-sdk/*'],
  });
});

afterAll(async () => {
  await table.close();
  await rm(folder, { recursive: true });
});

function start(budgetMs: number) {
  return promisify(execFile)(process.execPath, ['program.mjs'], {
    cwd: folder,
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      PROVIDER_HEALTH_TABLE_NAME: table.tableName,
      ENDPOINT: table.proxy.endpoint,
      BUDGET_MS: String(budgetMs),
    },
  });
}

const linesOf = ({ stdout }: { stdout: string }) => stdout.split('\n').map((line) => JSON.parse(line));

describe('a program that starts', () => {
  it('reads the table and reports to it without the AWS SDK', async () => {
    await table.put(healthyStatus({ id: 'alpha' }));
    const [{ first }, { warm, problems }] = linesOf(await start(10_000));
    expect(first).toMatchObject({ provider: 'alpha', source: 'table', problem: null });
    expect(warm).toMatchObject({ provider: 'alpha', source: 'cache', problem: null });
    expect(problems).toEqual([]);
    expect(table.proxy.operations).toEqual(['Query', 'PutItem']);
  });

  it('R6: has its first answer though the table gives none, and what the table says when it does', async () => {
    table.proxy.reset();
    const gate = gateway();
    table.proxy.fail('Query', async (call) => {
      await gate.opened;
      call.reply(await call.forward());
    });
    const running = start(100);
    running.child.stdout?.once('data', gate.open);
    const [{ first }, { warm, problems }] = linesOf(await running);
    expect(first).toMatchObject({ provider: 'gamma', source: 'fallback', problem: { code: 'slow' } });
    expect(warm).toMatchObject({ provider: 'alpha', source: 'cache' });
    expect(problems).toEqual(['slow']);
  });
});
