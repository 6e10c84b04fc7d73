/**
 * The local monitor: table, HealthChecker and API in one process, and simulated providers where no configuration is
 * given. It connects the other folders and decides nothing about health.
 */

import { resolve } from 'node:path';
import { type Clock, systemClock } from '../base/clock.ts';
import { messageOf } from '../base/error-text.ts';
import type { Log } from '../base/log.ts';
import type { HealthChecker } from '../checker/checker.ts';
import { timeoutWithin } from '../config/defaults.ts';
import { parseConfig } from '../config/parse.ts';
import type { MonitorConfig } from '../config/schema.ts';
import { proxiesOfEnvironment } from '../egress/proxy.ts';
import { createKeyResolver, type KeyResolver } from '../keys/keys.ts';
import { createDynamoStore } from '../store/dynamo/store.ts';
import { retentionOf } from '../store/items/expiry.ts';
import { type Store, StoreError } from '../store/store.ts';
import { addressOf, openByPassword } from './access.ts';
import { otherMachines, THIS_MACHINE_AND_OWN_PAGES } from './admission.ts';
import { Cleanup } from './cleanup.ts';
import { readConfig, watchConfig } from './config-file.ts';
import { createEngine } from './engine.ts';
import { alertLine, changeLine, type Lines, startLines, terminalLog, transitionLine, zoneText } from './lines.ts';
import { startServer } from './server.ts';
import type { LocalSettings } from './settings.ts';
import { type Simulator, startSimulator } from './simulator/simulator.ts';
import { MISUSED, StartError } from './start-error.ts';
import { type OwnTable, openOwnTable } from './table/own-table.ts';

const TICK_SECONDS = 60;
/** Short, so that a newcomer soon sees a provider blacklisted, not after three minutes. */
const SIMULATED_TICK_SECONDS = 5;
/** Shorter than a tick, so that a hanging provider does not make every second tick late. */
const SIMULATED_TIMEOUT_SECONDS = 3;

export interface LocalMonitor {
  /** Address of the status page and the API, without a trailing slash. */
  readonly url: string;
  readonly dynamodbEndpoint: string;
  readonly tableName: string;
  /** Path of the file with the table's key for other programs; null where the table is elsewhere. */
  readonly credentialsFile: string | null;
  /** The current checker. Each changed configuration gets a new one. */
  readonly checker: HealthChecker;
  /** Null where a configuration is given. */
  readonly simulator: Simulator | null;
  /** Ends probes, connections and table. Resolves when nothing is left. */
  stop(): Promise<void>;
}

export interface Surroundings {
  lines: Lines;
  /** Default: the system's clock. */
  clock?: Clock;
  /** 0 (included) to 1 (excluded). Default `Math.random`. */
  random?: () => number;
  /** Called with each checker before it starts. */
  onChecker?: (checker: HealthChecker) => void;
}

/** @throws {StartError} When it cannot start with these settings. Then nothing is left running. */
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
  { lines, clock = systemClock, random = Math.random, onChecker }: Surroundings,
  cleanup: Cleanup,
): Promise<LocalMonitor> {
  const { configFile, tableName, dataFolder, retentionDays, password } = settings;
  const addressPolicy = settings.allowPrivateNetwork ? 'private' : 'loopback';
  const tickSeconds = settings.tickSeconds ?? (configFile === null ? SIMULATED_TICK_SECONDS : TICK_SECONDS);
  const fleet = configFile === null ? await simulatedFleet(tickSeconds, { clock, random }, cleanup) : null;
  const config = fleet?.config ?? readConfig(configFile ?? '', { addressPolicy, tickSeconds });
  const log = terminalLog(lines, clock.now);
  const keys = createKeyResolver({
    env: { ...process.env, ...fleet?.simulator.env },
    now: () => clock.now().getTime(),
  });
  cleanup.add(() => keys.close());
  const access = await accessOf(settings, { keys, log, now: clock.now });

  const ownTable =
    settings.dynamodbEndpoint === null
      ? await openOwnTable({ tableName, dataFolder, now: clock.now, warn: lines.err }, cleanup)
      : null;
  const dynamodbEndpoint = ownTable?.endpoint ?? settings.dynamodbEndpoint ?? '';
  const store = createDynamoStore({
    tableName,
    now: clock.now,
    random,
    ...(retentionDays !== null && { retention: retentionOf(retentionDays) }),
    ...(ownTable ? { client: ownTable.client } : { endpoint: dynamodbEndpoint }),
  });
  cleanup.add(() => store.close());
  await verify(store, ownTable !== null);

  const sweep = ownTable && expirySweep(ownTable, log, cleanup);
  const proxies = proxiesOfEnvironment((cause) => new StartError(cause.message, MISUSED, { cause }));
  const engine = createEngine(config, {
    store,
    keys,
    addressPolicy,
    proxies,
    tickSeconds,
    clock,
    random,
    log,
    access,
    onChecker(checker) {
      checker.on('transition', (transition) => lines.out(transitionLine(transition, lines.colour)));
      checker.on('alert', (alert) => lines.out(alertLine(alert, clock.now())));
      if (sweep) checker.on('tick', ({ due }) => sweep(due));
      onChecker?.(checker);
    },
  });
  const server = await startServer({
    fetch: engine.fetch,
    admission: password === null ? THIS_MACHINE_AND_OWN_PAGES : otherMachines(settings.trustedHosts),
    host: settings.host,
    port: settings.port,
  });
  cleanup.add(async () => {
    // Accept no new requests. Requests under way get their answers, since stopping the engine ends their probes.
    const drained = server.drain();
    await engine.stop();
    server.cut();
    await drained;
  });

  const { url } = server;
  const credentialsFile = ownTable?.credentialsFile ?? null;
  lines.out(
    startLines({
      url,
      tableName,
      dynamodbEndpoint,
      credentialsFile,
      tickSeconds,
      password,
      providers: enabledOf(config),
      simulated: fleet !== null,
      dataFolder: dataFolder === null ? null : resolve(dataFolder),
      zone: zoneText(clock.now()),
    }),
  );
  engine.checker.startHealthChecks();
  if (configFile !== null) {
    let used = config;
    const stopWatching = watchConfig({
      file: configFile,
      parsing: { addressPolicy, tickSeconds },
      clock,
      async onChange(next) {
        await engine.use(next);
        lines.out(changeLine(configFile, used, next, clock.now()));
        used = next;
      },
      onMistake: lines.err,
    });
    cleanup.add(stopWatching);
  }

  return {
    url,
    dynamodbEndpoint,
    tableName,
    credentialsFile,
    get checker() {
      return engine.checker;
    },
    simulator: fleet?.simulator ?? null,
    stop: () => cleanup.run(),
  };
}

async function simulatedFleet(
  tickSeconds: number,
  { clock, random }: { clock: Clock; random: () => number },
  cleanup: Cleanup,
): Promise<{ simulator: Simulator; config: MonitorConfig }> {
  const simulator = await startSimulator({ now: clock.now, random });
  cleanup.add(() => simulator.close());
  const defaults = {
    intervalSeconds: tickSeconds,
    timeoutSeconds: Math.min(SIMULATED_TIMEOUT_SECONDS, timeoutWithin(tickSeconds)),
  };
  // No witnesses: when all simulated providers fail at once, the user made them fail.
  const input = { defaults, providers: simulator.providers, witnesses: [] };
  return { simulator, config: parseConfig(input, { addressPolicy: 'loopback' }) };
}

async function accessOf(
  { password, readPassword, trustedHosts }: LocalSettings,
  around: { keys: KeyResolver; log: Log; now: () => Date },
) {
  if (password === null) return null;
  const access = await openByPassword({ password, readPassword, ...around });
  return { access, addressOf: (env: unknown) => addressOf(env, trustedHosts.length > 0) };
}

function enabledOf({ providers }: MonitorConfig) {
  return providers.filter(({ enabled }) => enabled);
}

/** Sweeps run one after the other. The last one ends before the table is closed. */
function expirySweep({ expiry }: OwnTable, log: Log, cleanup: Cleanup): (checks: number) => void {
  let sweeping: Promise<unknown> = Promise.resolve();
  cleanup.add(() => sweeping.then(() => {}));
  return (checks) => {
    sweeping = sweeping
      .then(() => expiry.sweep(checks))
      .catch((cause) => log.warn('expired items not dropped', { error: messageOf(cause) }));
  };
}

async function verify(store: Store, isOwn: boolean): Promise<void> {
  try {
    await store.verify();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const options = { cause: error };
    if (isOwn) throw new StartError(`--data: ${error.message}`, 1, options);
    const advice = 'Or omit --dynamodb-endpoint to use a table in this process.';
    throw new StartError(`--dynamodb-endpoint, --table: ${error.message} ${advice}`, 1, options);
  }
}
