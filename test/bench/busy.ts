/**
 * Ticks of 500 providers on a core that another process uses as much as it can: how long they last, and whether the
 * marks are on the inexact answers.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { ask, start } from './children.ts';
import type { Contender } from './protocol.ts';
import { median, printTable } from './table.ts';
import { COLUMNS, type Racer, raceOf, startRacer } from './ticks.ts';

const PROVIDERS = 500;
const TICKS = 5;
const CONTENDERS: readonly Contender[] = ['undici', 'ours + table'];
const [PROVIDERS_CORE, BUSY_CORE] = ['0', '1'];

export async function benchBusy(): Promise<void> {
  if (spawnSync('taskset', ['-c', BUSY_CORE, 'true']).status !== 0) {
    console.log('\nbusy: no two cores to bind processes to with `taskset` (Linux), so nothing was measured');
    return;
  }
  const remote = start('provider-process.ts');
  bind(remote, PROVIDERS_CORE);
  const { ports } = await ask<{ ports: number[] }>(remote, { kind: 'listen', providers: PROVIDERS, warm: false });
  const racers: (Racer & { contender: Contender })[] = [];
  for (const contender of CONTENDERS) {
    const racer = await startRacer(contender, ports, { warm: false, history: 'known' });
    bind(racer.client, BUSY_CORE);
    if (racer.table) bind(racer.table, PROVIDERS_CORE);
    racers.push({ contender, ...racer });
  }
  const neighbour = spawn('taskset', ['-c', BUSY_CORE, process.execPath, '--eval', 'for (;;);'], { stdio: 'ignore' });
  await raceOf(remote, racers, TICKS);
  neighbour.kill();
  console.log(
    `\n${PROVIDERS} providers, another process busy on the same core, ${TICKS} ticks on Node ${process.versions.node}.`,
  );
  printTable(
    ['contender', 'load', ...COLUMNS.map(([name]) => name)],
    racers.map(({ contender, figures }) => [
      contender,
      loadavg()[0]?.toFixed(1) ?? '',
      ...COLUMNS.map(([, of, digits]) => median(figures.map(of)).toFixed(digits)),
    ]),
  );
}

/** All threads of the process, from now on. */
function bind({ pid }: ChildProcess, core: string | undefined): void {
  spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)]);
}
