/**
 * How less memory of the check function changes response times: processes with the part of a core that Lambda gives for
 * each memory size run ticks of the same fleet, in turns.
 */

import { loadavg } from 'node:os';
import { ask, start } from './children.ts';
import { openCpuGroups } from './cpu-share.ts';
import { median, percentile, printTable } from './table.ts';
import { raceOf, startRacer, type TickFigures } from './ticks.ts';

const MEMORY_MIB = [512, 768, 1024, 1280, 1769];
const FLEETS = [10, 25, 50, 100, 250];
const TICKS = 9;

export async function benchMemory(fleets = FLEETS, sizes = MEMORY_MIB): Promise<void> {
  const groups = openCpuGroups();
  if (groups === null) {
    console.log(
      '\nmemory: no control group of the processor can be made here (it needs root), so nothing was measured',
    );
    return;
  }
  const rows: string[][] = [];
  for (const providers of fleets) {
    const remote = start('provider-process.ts');
    groups.put(remote.pid ?? 0, null);
    const { ports } = await ask<{ ports: number[] }>(remote, { kind: 'listen', providers, warm: false });
    const racers = [];
    for (const memoryMiB of sizes) {
      const racer = await startRacer('ours + table', ports, { warm: false, history: 'known' });
      groups.put(racer.client.pid ?? 0, memoryMiB);
      groups.put(racer.table?.pid ?? 0, null);
      racers.push({ ...racer, memoryMiB });
    }
    await raceOf(remote, racers, TICKS);
    for (const { memoryMiB, figures } of racers) rows.push([String(providers), String(memoryMiB), ...columns(figures)]);
    process.stderr.write('.');
  }
  groups.close();
  process.stderr.write('\n');
  console.log(
    `\n${TICKS} ticks each on Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}. Errors in ms, over all ticks.`,
  );
  printTable(['providers', 'MiB', 'tick/slowest', 'p50', 'p90', 'max', 'certain max', 'marked %', 'CPU ms'], rows);
}

function columns(figures: readonly TickFigures[]): string[] {
  const of = (figure: (one: TickFigures) => number) => figures.map(figure);
  return [
    median(of((one) => one.tickPerSlowest)).toFixed(3),
    median(of((one) => one.errorP50)).toFixed(1),
    median(of((one) => one.errorP90)).toFixed(1),
    percentile(
      of((one) => one.errorMax),
      1,
    ).toFixed(1),
    percentile(
      of((one) => one.certainMax),
      1,
    ).toFixed(1),
    median(of((one) => one.markedPercentage)).toFixed(1),
    median(of((one) => one.cpuMsPerProbe)).toFixed(2),
  ];
}
