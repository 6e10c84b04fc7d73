/**
 * Ticks of the compared programs ("contenders") with providers of known latency: how large the errors are, how long a
 * tick lasts, and how much CPU it costs. The contenders take turns, tick by tick, so that a busy moment of the machine
 * affects all of them.
 */

import type { ChildProcess } from 'node:child_process';
import { loadavg } from 'node:os';
import { ask, reply, start, stop } from './children.ts';
import type { ClientOrder, ClientReport, Contender, History, ProviderReport, TableAddress } from './protocol.ts';
import { median, percentile, printTable } from './table.ts';

export interface Race {
  providers: number;
  warm: boolean;
  history: History;
  contenders: readonly Contender[];
}

/** Ticks before the measured ones: code gets compiled, and the checker learns the providers' response times. */
export const WARM_UP_TICKS = 2;

export interface TickFigures {
  tickPerSlowest: number;
  errorP50: number;
  errorP90: number;
  errorP99: number;
  errorMax: number;
  /** Over those that were not marked uncertain. */
  certainP99: number;
  certainMax: number;
  markedPercentage: number;
  cpuMsPerProbe: number;
  rssMb: number;
  lost: number;
}

export const COLUMNS: [string, (figures: TickFigures) => number, number][] = [
  ['tick/slowest', (figures) => figures.tickPerSlowest, 3],
  ['p50', (figures) => figures.errorP50, 1],
  ['p99', (figures) => figures.errorP99, 1],
  ['max', (figures) => figures.errorMax, 1],
  ['certain p99', (figures) => figures.certainP99, 1],
  ['certain max', (figures) => figures.certainMax, 1],
  ['marked %', (figures) => figures.markedPercentage, 1],
  ['CPU ms', (figures) => figures.cpuMsPerProbe, 2],
  ['RSS MB', (figures) => figures.rssMb, 0],
  ['lost', (figures) => figures.lost, 0],
];

export async function benchTicks(races: readonly Race[], ticks: number): Promise<void> {
  console.log(
    `\nMedians of ${ticks} ticks on Node ${process.versions.node}. Errors in ms against the provider's own clock; CPU per probe.`,
  );
  const rows: string[][] = [];
  for (const race of races) {
    const figures = await run(race, ticks);
    const { providers, warm, history } = race;
    for (const [contender, ofTicks] of figures) {
      const name = [
        contender,
        String(providers),
        warm ? 'warm' : 'cold',
        contender.startsWith('ours') ? history : '',
        loadavg()[0]?.toFixed(1) ?? '',
      ];
      rows.push([...name, ...COLUMNS.map(([, of, digits]) => median(ofTicks.map(of)).toFixed(digits))]);
    }
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  const head = ['contender', 'providers', 'connections', 'history', 'load', ...COLUMNS.map(([name]) => name)];
  printTable(head, rows);
}

async function run(race: Race, ticks: number): Promise<Map<Contender, TickFigures[]>> {
  const { providers, warm } = race;
  const remote = start('provider-process.ts');
  const { ports } = await ask<{ ports: number[] }>(remote, { kind: 'listen', providers, warm });
  const racers = new Map<Contender, Racer>();
  for (const contender of race.contenders) racers.set(contender, await startRacer(contender, ports, race));
  await raceOf(remote, [...racers.values()], ticks);
  return new Map([...racers].map(([contender, { figures }]) => [contender, figures]));
}

export interface Racer {
  client: ChildProcess;
  table: ChildProcess | null;
  /** Of each tick that was measured. */
  figures: TickFigures[];
}

/** Lets them take turns for this many measured ticks, and ends all processes. @param remote That of the providers. */
export async function raceOf(remote: ChildProcess, racers: readonly Racer[], ticks: number): Promise<void> {
  for (let tick = 0; tick < WARM_UP_TICKS + ticks; tick += 1) {
    for (const { client, figures } of racers) {
      const report = await ask<ClientReport>(client, {});
      const { latenciesMs } = await ask<Extract<ProviderReport, { kind: 'truth' }>>(remote, { kind: 'truth' });
      if (tick >= WARM_UP_TICKS) figures.push(compared(report, latenciesMs));
    }
  }
  const children = [remote, ...racers.flatMap(({ client, table }) => (table ? [client, table] : [client]))];
  await Promise.all(children.map((child) => stop(child)));
}

/** A table of its own for each contender that has one: no two write the same statuses. */
export async function startRacer(
  contender: Contender,
  ports: number[],
  { warm, history }: Pick<Race, 'warm' | 'history'>,
): Promise<Racer> {
  const table = contender.endsWith('+ table') ? start('table-process.ts') : null;
  const address = table && (await reply<TableAddress>(table));
  const order: ClientOrder = { contender, ports, warm, history, table: address };
  const client = start('client-process.ts', JSON.stringify(order));
  await reply(client);
  return { client, table, figures: [] };
}

export function compared(report: ClientReport, truth: readonly (number | null)[]): TickFigures {
  const errors: number[] = [];
  const certain: number[] = [];
  for (const [index, measuredMs] of report.measuredMs.entries()) {
    const trueMs = truth[index] ?? null;
    if (measuredMs === null || trueMs === null) continue;
    const error = Math.abs(measuredMs - trueMs);
    errors.push(error);
    if (!report.uncertain[index]) certain.push(error);
  }
  const count = report.measuredMs.length;
  return {
    tickPerSlowest: report.tickMs / Math.max(...truth.map((ms) => ms ?? 0)),
    errorP50: percentile(errors, 0.5),
    errorP90: percentile(errors, 0.9),
    errorP99: percentile(errors, 0.99),
    errorMax: percentile(errors, 1),
    certainP99: percentile(certain, 0.99),
    certainMax: percentile(certain, 1),
    markedPercentage: (report.uncertain.filter(Boolean).length / count) * 100,
    cpuMsPerProbe: report.cpuMs / count,
    rssMb: report.rssMb,
    lost: count - errors.length,
  };
}
