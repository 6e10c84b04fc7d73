/** The options of a HealthChecker: which values are allowed, and their defaults, some from the environment. */

import type { OnNotices } from '../alerts/notice.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { type Log, silentLog } from '../base/log.ts';
import { PROVIDER_DEFAULTS, type ProviderDefaults, timeoutWithin } from '../config/defaults.ts';
import { type MonitorConfig, SECONDS_RANGES } from '../config/schema.ts';
import { ADDRESS_POLICIES, type AddressPolicy } from '../egress/guard.ts';
import { EVERY_KEY, type KeyRights, keyRightsOf } from '../egress/key-rights.ts';
import { type ProxySettingError, type ProxySettings, proxiesOfEnvironment, refuseProxy } from '../egress/proxy.ts';
import { type ClosableKeyResolver, createKeyResolver, type KeyResolver } from '../keys/keys.ts';
import type { Prober } from '../probe/prober.ts';
import { createMemoryStore } from '../store/memory/store.ts';
import type { Store } from '../store/store.ts';
import type { Compare } from './catch-up.ts';
import { CheckerOptionError } from './errors.ts';
import { MANUAL_LIMITS, type ManualLimits } from './manual/limits.ts';

const INTERVAL_VARIABLE = 'HEALTH_CHECK_INTERVAL_SECONDS';
const TIMEOUT_VARIABLE = 'HEALTH_CHECK_TIMEOUT_SECONDS';

export interface HealthCheckerOptions {
  /**
   * Parsed providers and settings of a providers.json (from `parseConfig` or `loadConfig`). Default: no declared
   * providers.
   */
  config?: MonitorConfig;
  /**
   * Default: in memory, gone with the process. A store that is passed in is not closed. Others may write to it, so
   * registered providers may then use only the keys that `config` names for their host (`registeredKeys`).
   */
  store?: Store;
  /**
   * Newest checks of each provider that the store in memory keeps, 0 to 100 000. Default 1500 (a day at one a minute): about
   * 560 KB a provider. 0: no history, about 1 KB a provider. Not with `store`.
   */
  checksPerProvider?: number;
  /** Default: reads the environment (`env:`) and AWS (`ssm:`, `secret:`). */
  keys?: KeyResolver;
  /**
   * Default: probes over the network. A prober that is passed in is closed when the schedule stops, and must work again
   * after that.
   */
  prober?: Prober;
  /** Which addresses may be probed and registered. Default `public`. */
  addressPolicy?: AddressPolicy;
  /**
   * Allows private networks and this machine, also over http: for `ollama`, `vllm`, `lmstudio` and other providers of your
   * own. The same as `addressPolicy: 'private'`; not beside it. Default false.
   */
  allowPrivateNetwork?: boolean;
  /**
   * The HTTP proxies for providers, alerts and witnesses; null: none. Default: from HTTPS_PROXY, HTTP_PROXY and
   * NO_PROXY. A proxy resolves names itself, so `addressPolicy` cannot check the addresses behind them.
   */
  proxies?: ProxySettings | null;
  /** Default interval of registered providers, 1 to 86 400. Default 60, or HEALTH_CHECK_INTERVAL_SECONDS. */
  checkIntervalSeconds?: number;
  /** Period of the schedule, 1 to 86 400. Default: `checkIntervalSeconds`. */
  tickSeconds?: number;
  /**
   * Default timeout of registered providers, 0.1 to 25. Default: HEALTH_CHECK_TIMEOUT_SECONDS, or that of `config`, or 10
   * and at most 80 % of a tick.
   */
  timeoutSeconds?: number;
  /**
   * Whether manual checks are limited: one of each provider in 10 s, 60 an hour in all, an end after 25 s. Set it where
   * others may ask for checks. Default false: a check lasts as long as the provider's timeout and its confirmation.
   */
  limitManualChecks?: boolean;
  /** Default: the process's clock. */
  clock?: Clock;
  /** Default: silent. */
  log?: Log;
  /**
   * Called with the notice of each status write, and awaited by the check. Default: records the transitions, so that
   * they can be listed, and sends the alerts of `config` in the background; before each tick it makes up for the
   * notices that a dead process lost. Where a function on the table's stream does all this, pass a function that does
   * nothing. If nothing records transitions, each status carries up to 12 of them.
   */
  onNotices?: OnNotices;
  /**
   * Called before a tick probes, with the statuses that another process wrote; at the first tick with all statuses.
   * Must not reject. Default: makes up for lost notices, or nothing where `onNotices` is given.
   */
  compare?: Compare;
}

/** The options with their defaults. */
export interface Settled {
  config: MonitorConfig | undefined;
  store: Store;
  keys: KeyResolver;
  keyRights: KeyRights;
  /** The key resolver that was made here and is closed with the schedule; null: it was passed in. */
  ownKeys: ClosableKeyResolver | null;
  addressPolicy: AddressPolicy;
  proxies: ProxySettings | null;
  /** Default settings of registered providers. */
  defaults: Partial<ProviderDefaults>;
  tickSeconds: number;
  /** Null: none. */
  manualLimits: ManualLimits | null;
  clock: Clock;
  log: Log;
}

type Rule = readonly [is: (value: unknown, options: HealthCheckerOptions) => boolean, expected: string];

const inRange = ([least, most]: readonly [number, number]): Rule => [
  (value) => typeof value === 'number' && value >= least && value <= most,
  `a number of seconds from ${least} to ${most}`,
];
const FLAG: Rule = [(value) => typeof value === 'boolean', 'true or false'];
const having = (what: string, ...names: string[]): Rule => [
  (value) => names.every((name) => typeof Object(value)[name] === 'function'),
  `${what}, with ${names.join(' and ')}`,
];

/** The allowed values of each option. */
const RULES: Readonly<Record<keyof HealthCheckerOptions, Rule>> = {
  config: [
    (value) => Array.isArray(Object(value).providers) && Object(value).alerts !== undefined,
    'a configuration that parseConfig or loadConfig gave; write config: parseConfig(json, { addressPolicy })',
  ],
  store: [(value) => typeof Object(value).statuses === 'object', 'a store, such as createMemoryStore() gives'],
  checksPerProvider: [
    (value, { store }) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100_000 && !store,
    'a whole number from 0 to 100000, and no `store` beside it',
  ],
  keys: having('a key resolver', 'resolve'),
  prober: having('a prober', 'probeAll', 'close'),
  addressPolicy: [
    (value) => ADDRESS_POLICIES.some((policy) => policy === value),
    `one of ${ADDRESS_POLICIES.join(', ')}`,
  ],
  allowPrivateNetwork: [
    (value, { addressPolicy }) => typeof value === 'boolean' && addressPolicy === undefined,
    'true or false, and no `addressPolicy` beside it',
  ],
  proxies: [
    (value) =>
      value === null ||
      (Array.isArray(Object(value).except) &&
        [Object(value).https, Object(value).http].every((url) => url === null || refuseProxy(String(url)) === null)),
    'null, or { https, http, except }: the URL of an HTTP proxy or null for each scheme, and hosts without',
  ],
  checkIntervalSeconds: inRange(SECONDS_RANGES.interval),
  tickSeconds: inRange(SECONDS_RANGES.interval),
  timeoutSeconds: inRange(SECONDS_RANGES.timeout),
  limitManualChecks: FLAG,
  clock: having('a clock', 'now', 'sleep'),
  log: having('a log', 'info', 'warn', 'error'),
  onNotices: [(value) => typeof value === 'function', 'a function'],
  compare: [(value) => typeof value === 'function', 'a function'],
};

/** @throws {CheckerOptionError} When an option, or a variable of the environment, cannot be used. */
export function withDefaults(options: HealthCheckerOptions): Settled {
  checkOptions(options);
  const { config, clock = systemClock, limitManualChecks = false, checksPerProvider } = options;
  const intervalSeconds = options.checkIntervalSeconds ?? secondsFrom(INTERVAL_VARIABLE, SECONDS_RANGES.interval);
  const timeoutSeconds = options.timeoutSeconds ?? secondsFrom(TIMEOUT_VARIABLE, SECONDS_RANGES.timeout);
  const tickSeconds =
    options.tickSeconds ?? intervalSeconds ?? config?.defaults.intervalSeconds ?? PROVIDER_DEFAULTS.intervalSeconds;
  const defaults = {
    ...(config?.defaults ?? { timeoutSeconds: timeoutWithin(tickSeconds) }),
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
  const ownKeys = options.keys ? null : createKeyResolver();
  return {
    config,
    store:
      options.store ??
      createMemoryStore({ now: () => clock.now(), ...(checksPerProvider !== undefined && { checksPerProvider }) }),
    keys: options.keys ?? ownKeys ?? createKeyResolver(),
    ownKeys,
    // Only this program writes to a store in its own memory, and it can read its own keys anyway.
    keyRights: options.store ? keyRightsOf(config ?? { providers: [], registeredKeys: [] }) : EVERY_KEY,
    addressPolicy: options.addressPolicy ?? (options.allowPrivateNetwork ? 'private' : 'public'),
    proxies: options.proxies === undefined ? proxiesOfEnvironment(wrongProxy) : options.proxies,
    defaults,
    tickSeconds,
    manualLimits: limitManualChecks ? MANUAL_LIMITS : null,
    clock,
    log: options.log ?? silentLog,
  };
}

function wrongProxy({ place, message }: ProxySettingError): CheckerOptionError {
  return new CheckerOptionError(place, message.slice(place.length + 2));
}

function checkOptions(options: HealthCheckerOptions): void {
  const known = Object.keys(RULES);
  for (const [name, value] of Object.entries(options)) {
    // Refuse a misspelt option: it would have no effect.
    if (!(name in RULES))
      throw new CheckerOptionError(name, `there is no such option. Write one of ${known.join(', ')}.`);
    const [is, expected] = RULES[name as keyof HealthCheckerOptions];
    if (value !== undefined && !is(value, options)) {
      throw new CheckerOptionError(name, `expected ${expected}, got ${shown(value)}.`);
    }
  }
}

/** The value, or only its type where it may be long or a secret. */
function shown(value: unknown): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? `"${value.slice(0, 20)}"` : `a value of type ${typeof value}`;
}

function secondsFrom(variable: string, range: readonly [number, number]): number | undefined {
  const text = process.env[variable];
  if (text === undefined || text.trim() === '') return undefined;
  const seconds = Number(text);
  const [is, expected] = inRange(range);
  if (is(seconds, {})) return seconds;
  throw new CheckerOptionError(
    variable,
    `expected ${expected}, got "${text.slice(0, 20)}". Leave it out for the default.`,
  );
}
