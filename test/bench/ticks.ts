/** Ticks of each contender against providers of known latency: how far off, how long, how dear. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClientOrder, ClientReport, ProviderReport } from './protocol.ts';
import { median, percentile, printTable } from './table.ts';

export interface Scenario extends Pick<ClientOrder, 'contender' | 'warm' | 'history'> {
  providers: number;
}

/** Ticks before the measured ones: code gets compiled, and the checker learns the providers' response times. */
const WARM_UP_TICKS = 2;

interface TickFigures {
  tickPerSlowest: number;
  errorP50: number;
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

const COLUMNS: [string, (figures: TickFigures) => number, number][] = [
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

export async function benchTicks(scenarios: readonly Scenario[], ticks: number): Promise<void> {
  console.log(`\nMedians of ${ticks} ticks. Errors in ms against the provider's own clock; CPU per probe.`);
  const rows: string[][] = [];
  for (const scenario of scenarios) {
    const figures = await measured(scenario, ticks);
    const { contender, providers, warm, history } = scenario;
    const name = [contender, String(providers), warm ? 'warm' : 'cold', contender === 'ours' ? history : ''];
    rows.push([...name, ...COLUMNS.map(([, of, digits]) => median(figures.map(of)).toFixed(digits))]);
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  printTable(['contender', 'providers', 'connections', 'history', ...COLUMNS.map(([name]) => name)], rows);
}

async function measured({ providers, ...rest }: Scenario, ticks: number): Promise<TickFigures[]> {
  const remote = start('provider-process.ts');
  const { ports } = await ask<{ ports: number[] }>(remote, { kind: 'listen', providers, warm: rest.warm });
  const order: ClientOrder = { ...rest, ports };
  const client = start('client-process.ts', JSON.stringify(order));
  const figures: TickFigures[] = [];
  for (let tick = 0; tick < WARM_UP_TICKS + ticks; tick += 1) {
    const report = await ask<ClientReport>(client, {});
    const { latenciesMs } = await ask<Extract<ProviderReport, { kind: 'truth' }>>(remote, { kind: 'truth' });
    if (tick >= WARM_UP_TICKS) figures.push(compared(report, latenciesMs));
  }
  await Promise.all([client, remote].map((child) => stop(child)));
  return figures;
}

function compared(report: ClientReport, truth: readonly (number | null)[]): TickFigures {
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

function start(file: string, ...args: string[]): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv: ['--import', 'tsx'],
    // How global fetch is made to trust the mock providers.
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: fileURLToPath(new URL('../support/servers/localhost.cert.pem', import.meta.url)),
    },
  });
}

async function ask<T>(child: ChildProcess, message: object): Promise<T> {
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`a process of the benchmark ended with ${code}`);
  });
  failed.catch(() => {});
  child.send(message);
  const [reply] = await Promise.race([once(child, 'message'), failed]);
  return reply as T;
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}
