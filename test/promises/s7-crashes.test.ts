/**
 * A monitor in a process of its own is killed at random moments and started again, on a table that stays. CRASHES says
 * how often: `CRASHES=50 npx vitest run test/promises/s7-crashes.test.ts`.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HealthChecker } from '../../lib/checker/checker.ts';
import type { TickReport } from '../../lib/checker/tick/report.ts';
import { nextStatus, unknownStatus } from '../../lib/health/next-status.ts';
import { seededRandom } from '../../lib/local/simulator/random.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import type { Store } from '../../lib/store/store.ts';
import { ScriptedProber } from '../support/scripted-prober.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { CRASH_CONFIG, CRASH_PROVIDERS } from './crash/fleet.ts';

const CRASHES = Number(process.env.CRASHES ?? 3);
/** The same each time, except where more kills are asked for. */
const SEED = Number(process.env.SEED ?? (process.env.CRASHES === undefined ? 42 : Date.now() % 1_000_000));
const MOST_TICKS = 4;
const MOST_LAST_TICKS = 5;

let table: TestTable;
let store: Store;
let folder: string;
let script: string;
let child: ChildProcess | null = null;

beforeAll(async () => {
  table = await startTable();
  store = createDynamoStore({ endpoint: table.endpoint, tableName: table.tableName, requestTimeoutMs: 20_000 });
  folder = await mkdtemp(join(tmpdir(), 'provider-health-crash-'));
  script = join(folder, 'monitor-process.mjs');
  await build({
    entryPoints: [new URL('./crash/monitor-process.ts', import.meta.url).pathname],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
});

afterAll(async () => {
  child?.kill('SIGKILL');
  store?.close();
  await table?.close();
  if (folder) await rm(folder, { recursive: true });
});

/**
 * Kills it in the middle of a tick.
 *
 * @param tick Which one.
 * @param share Of the duration of the tick before.
 */
async function lifeUntil(tick: number, share: number): Promise<void> {
  const process_ = spawn(process.execPath, [script, table.endpoint, table.tableName], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = process_;
  const ended = once(process_, 'exit');
  const gone = ended.then(([status]) => {
    throw new Error(`expected a monitor that runs, got exit status ${status}`);
  });
  gone.catch(() => {});
  let lastedMs = 0;
  for (let ticks = 0; ticks < tick; ticks++) {
    const from = performance.now();
    await Promise.race([once(process_.stdout, 'data'), gone]);
    lastedMs = performance.now() - from;
  }
  await delay(share * lastedMs);
  expect(process_.kill('SIGKILL')).toBe(true);
  expect((await ended)[1], 'it ran until it was killed').toBe('SIGKILL');
}

it(`S7: after ${CRASHES} kills at random moments no check is missing, and the recorded ones replay to the status`, async () => {
  const random = seededRandom(SEED);
  let missingAtFirst = 0;
  for (let crash = 0; crash < CRASHES; crash++) {
    await lifeUntil(2 + Math.floor(random() * (MOST_TICKS - 1)), random());
    if (process.env.CRASHES) missingAtFirst += await missing();
  }

  const prober = new ScriptedProber();
  const checker = new HealthChecker({ config: CRASH_CONFIG, store, prober, onNotices: async () => {} });
  // A tick that could not write all of its own checks says so, and the next one writes them.
  const reports: TickReport[] = [];
  while (reports.length < 2 || (reports.at(-1)?.failed.length !== 0 && reports.length < MOST_LAST_TICKS)) {
    reports.push(await checker.runTick(new Date(), { owner: `last ${reports.length}`, deadlineAt: null }));
    await delay(10);
  }
  const said = JSON.stringify(reports.map(({ outcome, failed, skipped }) => ({ outcome, failed, skipped })));

  let total = 0;
  for (const config of CRASH_PROVIDERS) {
    const status = await store.statuses.get(config.id);
    if (status === null) throw new Error(`seed ${SEED}: expected a status of ${config.id}, got none`);
    const checks = await recorded(config.id);
    // The first check makes version 2, and each one after it the next.
    const carried = status.unrecorded?.map(({ timestamp }) => timestamp) ?? [];
    expect(
      status.version - 1 - checks.length,
      `seed ${SEED}: missing checks of ${config.id}, which still carries [${carried}]; the last ticks: ${said}`,
    ).toBe(0);
    const first = unknownStatus(config, new Date(checks[0]?.timestamp ?? 0));
    const replayed = checks.reduce((before, check) => nextStatus(before, check, config)?.status ?? before, first);
    // Transitions are not recorded here.
    const { unrecordedTransitions, ...believed } = status;
    expect(replayed, `seed ${SEED}`).toEqual(believed);
    total += checks.length;
  }
  expect(total).toBeGreaterThan(CRASHES * CRASH_PROVIDERS.length);
  if (process.env.CRASHES)
    console.log({ seed: SEED, crashes: CRASHES, checks: total, missingAfterKills: missingAtFirst });
}, 600_000);

/** Checks that counted but have no item. */
async function missing(): Promise<number> {
  const { statuses } = await store.statuses.list();
  const counts = await Promise.all(
    statuses.map(async ({ provider, version }) => version - 1 - (await recorded(provider)).length),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Oldest first. */
async function recorded(provider: string) {
  const range = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z', limit: 1000 };
  const found = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await store.checks.page(provider, { ...range, ...(cursor && { cursor }) });
    found.push(...page.items);
    cursor = page.next;
  }
  return found.reverse();
}
