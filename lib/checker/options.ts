/** What a HealthChecker is made with, and what each setting is where nobody says: an option, else the environment. */

import type { OnNotices } from '../alerts/notice.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { type Log, silentLog } from '../base/log.ts';
import { PROVIDER_DEFAULTS, type ProviderDefaults } from '../config/defaults.ts';
import type { MonitorConfig } from '../config/schema.ts';
import type { AddressPolicy } from '../egress/guard.ts';
import { EVERY_KEY, type KeyRights, keyRightsOf } from '../egress/key-rights.ts';
import { type ClosableKeyResolver, createKeyResolver, type KeyResolver } from '../keys/keys.ts';
import type { Prober } from '../probe/prober.ts';
import { createMemoryStore } from '../store/memory/store.ts';
import type { Store } from '../store/store.ts';
import type { Compare } from './catch-up.ts';

const INTERVAL_VARIABLE = 'HEALTH_CHECK_INTERVAL_SECONDS';
const TIMEOUT_VARIABLE = 'HEALTH_CHECK_TIMEOUT_SECONDS';

export interface HealthCheckerOptions {
  /** Providers and settings of a providers.json, parsed. Default: no declared providers. */
  config?: MonitorConfig;
  /**
   * Default: in memory, gone with the process. One that is passed in is not closed. Others may write to it, so with one
   * passed in, registered providers may use only the keys that `config` names for their host (`registeredKeys`).
   */
  store?: Store;
  /** Default: reads the environment (`env:`) and AWS (`ssm:`, `secret:`). */
  keys?: KeyResolver;
  /** Default: probes over the network. One that is passed in is closed with the schedule, and must start again then. */
  prober?: Prober;
  /** Which addresses may be probed and registered. Default `public`. */
  addressPolicy?: AddressPolicy;
  /** Default interval of registered providers. Default 60, or HEALTH_CHECK_INTERVAL_SECONDS. */
  checkIntervalSeconds?: number;
  /** Period of the schedule. Default: `checkIntervalSeconds`. */
  tickSeconds?: number;
  /** Default timeout of registered providers. Default 10, or HEALTH_CHECK_TIMEOUT_SECONDS. */
  timeoutSeconds?: number;
  /** Default: the process's clock. */
  clock?: Clock;
  /** Default: silent. */
  log?: Log;
  /**
   * Takes the writes that people may have to be notified of as they arise, and is awaited by the check. Default: records
   * the transitions, so that they can be listed, and sends the alerts of `config` in the background; before each tick it
   * makes up for what a process that died has lost. Where the table's stream does that, pass a function that does nothing.
   */
  onNotices?: OnNotices;
  /**
   * Gets the statuses that this process did not write, before a tick probes: all of them at its first tick. Must not
   * reject. Default: with `onNotices`, none; without, what makes up for lost notices.
   */
  compare?: Compare;
}

/** The options that have a default of their own, with it. */
interface Settled {
  config: MonitorConfig | undefined;
  store: Store;
  keys: KeyResolver;
  keyRights: KeyRights;
  /** The same where they were made here, so that they end with the schedule; null: they were passed in. */
  ownKeys: ClosableKeyResolver | null;
  addressPolicy: AddressPolicy;
  /** Of registered providers. */
  defaults: Partial<ProviderDefaults>;
  tickSeconds: number;
  clock: Clock;
  log: Log;
}

/** @throws When a variable of the environment is set to something that is no number of seconds. */
export function withDefaults(options: HealthCheckerOptions): Settled {
  const { config, clock = systemClock } = options;
  const intervalSeconds = options.checkIntervalSeconds ?? secondsFrom(INTERVAL_VARIABLE);
  const timeoutSeconds = options.timeoutSeconds ?? secondsFrom(TIMEOUT_VARIABLE);
  const defaults = {
    ...config?.defaults,
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
  const ownKeys = options.keys ? null : createKeyResolver();
  return {
    config,
    store: options.store ?? createMemoryStore({ now: () => clock.now() }),
    keys: options.keys ?? ownKeys ?? createKeyResolver(),
    ownKeys,
    // Only this program writes to a store in its own memory, and its keys are at hand for it anyway.
    keyRights: options.store ? keyRightsOf(config ?? { providers: [], registeredKeys: [] }) : EVERY_KEY,
    addressPolicy: options.addressPolicy ?? 'public',
    defaults,
    tickSeconds: options.tickSeconds ?? defaults.intervalSeconds ?? PROVIDER_DEFAULTS.intervalSeconds,
    clock,
    log: options.log ?? silentLog,
  };
}

function secondsFrom(variable: string): number | undefined {
  const text = process.env[variable];
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new Error(`${variable}: expected a number of seconds above 0, got "${text}". Set it to 60, or leave it out.`);
}
