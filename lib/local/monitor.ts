/**
 * The local monitor: table, simulated providers where no configuration is given, HealthChecker and API in one process.
 * It wires what the other folders have and decides nothing about health.
 */

import { createApp } from '../api/app.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { messageOf } from '../base/error-text.ts';
import type { Log } from '../base/log.ts';
import { HealthChecker } from '../checker/checker.ts';
import { SHARDS } from '../checker/tick/shards.ts';
import { ConfigError } from '../config/error.ts';
import { loadConfig } from '../config/load.ts';
import { parseConfig } from '../config/parse.ts';
import type { MonitorConfig } from '../config/schema.ts';
import { createKeyResolver } from '../keys/keys.ts';
import { createDynamoStore } from '../store/dynamo/store.ts';
import { type Store, StoreError } from '../store/store.ts';
import { Cleanup } from './cleanup.ts';
import { type Lines, startLines, terminalLog, transitionLine } from './lines.ts';
import { startServer } from './server.ts';
import type { LocalSettings } from './settings.ts';
import { type Simulator, startSimulator } from './simulator/simulator.ts';
import { MISUSED, StartError } from './start-error.ts';
import { type OwnTable, openOwnTable } from './table/own-table.ts';

/** This machine is where simulated providers and models served at home live; everything else is held to what it is deployed. */
const ADDRESS_POLICY = 'loopback';

const TICK_SECONDS = 60;
/** A newcomer does not wait three minutes to see a provider blacklisted. */
const SIMULATED_TICK_SECONDS = 5;
/** Within the tick, so that a provider that hangs does not make every second tick fall out. */
const SIMULATED_TIMEOUT_SECONDS = 3;

export interface LocalMonitor {
  /** Of the status page and the API, without a trailing slash. */
  readonly url: string;
  readonly dynamodbEndpoint: string;
  readonly tableName: string;
  /** Of the key that other programs use the table with; null where the table is elsewhere. */
  readonly credentialsFile: string | null;
  readonly checker: HealthChecker;
  /** Null with a configuration. */
  readonly simulator: Simulator | null;
  /** Ends probes, connections and table; resolves when nothing of it is left. */
  stop(): Promise<void>;
}

export interface Surroundings {
  lines: Lines;
  /** Default: the system's clock. */
  clock?: Clock;
  /** 0 (included) to 1 (excluded). Default `Math.random`. */
  random?: () => number;
}

/** @throws {StartError} When it cannot start with these settings; nothing is left running then. */
export async function startLocalMonitor(settings: LocalSettings, surroundings: Surroundings): Promise<LocalMonitor> {
  const cleanup = new Cleanup();
  try {
    return await start(settings, surroundings, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(
  settings: LocalSettings,
  { lines, clock = systemClock, random = Math.random }: Surroundings,
  cleanup: Cleanup,
): Promise<LocalMonitor> {
  const { configFile, tableName } = settings;
  const tickSeconds = settings.tickSeconds ?? (configFile === null ? SIMULATED_TICK_SECONDS : TICK_SECONDS);
  const fleet = configFile === null ? await simulatedFleet(tickSeconds, { clock, random }, cleanup) : null;
  const config = fleet?.config ?? readConfig(configFile ?? '');

  const ownTable = settings.dynamodbEndpoint === null ? await openOwnTable(tableName, clock.now, cleanup) : null;
  const dynamodbEndpoint = ownTable?.endpoint ?? settings.dynamodbEndpoint ?? '';
  const store = createDynamoStore({
    tableName,
    now: clock.now,
    random,
    ...(ownTable ? { client: ownTable.client } : { endpoint: dynamodbEndpoint }),
  });
  cleanup.add(() => store.close());
  await verify(store);

  const log = terminalLog(lines, clock.now);
  const keys = createKeyResolver({
    env: { ...process.env, ...fleet?.simulator.env },
    now: () => clock.now().getTime(),
  });
  cleanup.add(() => keys.close());
  const checker = new HealthChecker({
    config,
    store,
    keys,
    addressPolicy: ADDRESS_POLICY,
    tickSeconds,
    limitManualChecks: true,
    clock,
    log,
  });
  checker.on('transition', (transition) => lines.out(transitionLine(transition, lines.colour)));
  if (ownTable) dropExpiredAfterTicks(checker, ownTable, log, cleanup);

  const app = createApp({
    store,
    checker,
    declared: config.providers,
    monitor: { tickSeconds, shards: SHARDS, publicUrl: config.publicUrl },
    log,
    now: clock.now,
    random,
  });
  const server = await startServer({
    fetch: (request) => app.fetch(request),
    host: settings.host,
    port: settings.port,
  });
  cleanup.add(async () => {
    // No new requests; those under way get their answers, which end with the probes.
    const drained = server.drain();
    await checker.stopHealthChecks();
    server.cut();
    await drained;
  });

  const simulated = fleet !== null;
  const { url } = server;
  const credentialsFile = ownTable?.credentialsFile ?? null;
  const providers = config.providers.filter(({ enabled }) => enabled);
  lines.out(startLines({ url, tableName, dynamodbEndpoint, credentialsFile, tickSeconds, providers, simulated }));
  checker.startHealthChecks();

  return {
    url,
    dynamodbEndpoint,
    tableName,
    credentialsFile,
    checker,
    simulator: fleet?.simulator ?? null,
    stop: () => cleanup.run(),
  };
}

async function simulatedFleet(
  tickSeconds: number,
  { clock, random }: Required<Omit<Surroundings, 'lines'>>,
  cleanup: Cleanup,
): Promise<{ simulator: Simulator; config: MonitorConfig }> {
  const simulator = await startSimulator({ now: clock.now, random });
  cleanup.add(() => simulator.close());
  const defaults = { intervalSeconds: tickSeconds, timeoutSeconds: Math.min(SIMULATED_TIMEOUT_SECONDS, tickSeconds) };
  // When all simulated providers fail at once, the user made them fail.
  const input = { defaults, providers: simulator.providers, witnesses: [] };
  return { simulator, config: parseConfig(input, { addressPolicy: ADDRESS_POLICY }) };
}

function readConfig(file: string): MonitorConfig {
  try {
    return loadConfig(file, { addressPolicy: ADDRESS_POLICY });
  } catch (error) {
    if (error instanceof ConfigError) throw new StartError(error.message, MISUSED, { cause: error });
    throw error;
  }
}

/** One after the other, and the last one ends before the table does. */
function dropExpiredAfterTicks(checker: HealthChecker, { expiry }: OwnTable, log: Log, cleanup: Cleanup): void {
  let sweeping: Promise<unknown> = Promise.resolve();
  checker.on('tick', ({ due }) => {
    sweeping = sweeping
      .then(() => expiry.sweep(due))
      .catch((cause) => log.warn('expired items not dropped', { error: messageOf(cause) }));
  });
  cleanup.add(() => sweeping.then(() => {}));
}

async function verify(store: Store): Promise<void> {
  try {
    await store.verify();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const advice = 'Or leave --dynamodb-endpoint out, for a table in this process.';
    throw new StartError(`--dynamodb-endpoint, --table: ${error.message} ${advice}`, 1, { cause: error });
  }
}
