/**
 * The checker and the API of the current configuration. A changed configuration gets a new checker and a new API;
 * table, keys and port stay the same.
 */

import type { Access } from '../api/access/caller.ts';
import { createApp } from '../api/app.ts';
import { monitorSettingsOf } from '../api/monitor-settings.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { HealthChecker } from '../checker/checker.ts';
import type { MonitorConfig } from '../config/schema.ts';
import type { AddressPolicy } from '../egress/guard.ts';
import type { ProxySettings } from '../egress/proxy.ts';
import type { KeyResolver } from '../keys/keys.ts';
import type { Store } from '../store/store.ts';

export interface EngineOptions {
  store: Store;
  keys: KeyResolver;
  addressPolicy: AddressPolicy;
  proxies: ProxySettings | null;
  tickSeconds: number;
  clock: Clock;
  random: () => number;
  log: Log;
  /** Null: every admitted request may do everything. */
  access: { access: Access; addressOf: (env: unknown) => string } | null;
  /** Called with each checker before it starts. */
  onChecker: (checker: HealthChecker) => void;
}

export interface Engine {
  /** The checker of the current configuration. */
  readonly checker: HealthChecker;
  fetch(request: Request, env: unknown): Response | Promise<Response>;
  /** Stops the checker of the former configuration, and continues with this one at once. */
  use(config: MonitorConfig): Promise<void>;
  stop(): Promise<void>;
}

export function createEngine(first: MonitorConfig, options: EngineOptions): Engine {
  const { store, keys, addressPolicy, proxies, tickSeconds, clock, random, log, access, onChecker } = options;
  let isStopped = false;

  function partsOf(config: MonitorConfig) {
    const checker = new HealthChecker({
      config,
      store,
      keys,
      addressPolicy,
      proxies,
      tickSeconds,
      limitManualChecks: true,
      clock,
      log,
    });
    onChecker(checker);
    const app = createApp({
      store,
      checker,
      declared: config.providers,
      monitor: monitorSettingsOf(config, { tickSeconds, shards: 1 }),
      log,
      now: clock.now,
      random,
      ...access,
    });
    return { checker, app };
  }

  let parts = partsOf(first);

  return {
    get checker() {
      return parts.checker;
    },
    fetch: (request, env) => parts.app.fetch(request, env as object),
    async use(config) {
      await parts.checker.stopHealthChecks();
      if (isStopped) return;
      parts = partsOf(config);
      parts.checker.startHealthChecks();
    },
    async stop() {
      isStopped = true;
      await parts.checker.stopHealthChecks();
    },
  };
}
