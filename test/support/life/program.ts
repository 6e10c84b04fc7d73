/**
 * A monitor in a process of its own, for tests that kill it: a HealthChecker over a table elsewhere, tick after tick,
 * each eleven minutes of its own clock after the one before. It prints `tick N` when it begins a tick, and ends at
 * SIGTERM.
 */

import { HealthChecker } from '../../../lib/checker/checker.ts';
import { parseConfig } from '../../../lib/config/parse.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';

export interface LifeSettings {
  endpoint: string;
  tableName: string;
  /** As in providers.json. */
  config: unknown;
  /** Time of tick 0, ISO 8601 UTC. */
  start: string;
  firstTick: number;
}

/** So long that a provider that changes its state on every tick is not flapping. */
const TICK_MS = 11 * 60_000;
/** Every pause is this many times shorter than the code asks for. */
const FASTER = 100;

const { endpoint, tableName, config, start, firstTick }: LifeSettings = JSON.parse(process.argv[2] ?? '');
let nowMs = Date.parse(start) + firstTick * TICK_MS;
const stopping = new AbortController();

const clock = {
  now: () => new Date(nowMs),
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms / FASTER);
      signal?.addEventListener('abort', end);
    }),
};
const write = (line: string) => void process.stdout.write(`${line}\n`);
const log = (message: string, fields = {}) => write(`${message} ${JSON.stringify(fields)}`);

const store = createDynamoStore({ tableName, endpoint, now: clock.now });
const addressPolicy = 'loopback';
const checker = new HealthChecker({
  config: parseConfig(config, { addressPolicy }),
  addressPolicy,
  store,
  clock,
  log: { info: () => {}, warn: log, error: log },
});

process.on('SIGTERM', async () => {
  stopping.abort();
  await checker.stopHealthChecks();
  store.close();
});

for (let tick = firstTick; !stopping.signal.aborted; tick++) {
  nowMs = Date.parse(start) + tick * TICK_MS;
  write(`tick ${tick}`);
  await checker.runTick(new Date(nowMs), { owner: String(process.pid), deadlineAt: null }).catch((cause) => {
    log('tick failed', { error: String(cause) });
  });
}
