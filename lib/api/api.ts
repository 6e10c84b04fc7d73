/** What the routes work with. Making the parts is left to functions/ and lib/local, which open the doors. */

import type { ChannelTest } from '../alerts/channels/test-channels.ts';
import type { Log } from '../base/log.ts';
import type { Pause } from '../checker/fleet/pause.ts';
import type { PageSettings } from '../config/page.ts';
import type { HealthCheck } from '../health/check.ts';
import type { ProviderConfig } from '../health/provider.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Store } from '../store/store.ts';

/** What the API needs of HealthChecker. */
export interface Checker {
  /** @throws {ConfigError} With every mistake. @throws {CheckerError} `declared_provider` */
  registerProvider(input: unknown): Promise<ProviderStatus>;
  /** Whether there was one. @throws {CheckerError} `declared_provider` */
  unregisterProvider(id: string): Promise<boolean>;
  /** @throws {CheckerError} `unknown_provider`, `unfinished` @throws {TooManyChecksError} @throws {StoreError} */
  manualHealthCheck(id: string): Promise<HealthCheck>;
  /** @throws {TooManyChecksError} */
  manualHealthCheckAll(): Promise<HealthCheck[]>;
  /** Null ends it. @throws {CheckerError} `unknown_provider` */
  setDrain(id: string, pause: Pause | null): Promise<ProviderStatus>;
  /** Null ends it. @throws {CheckerError} `unknown_provider` */
  setMaintenance(id: string, pause: Pause | null): Promise<ProviderStatus>;
  /** Sends a test message to each channel. */
  testAlerts(): Promise<ChannelTest[]>;
}

/** What is known of the monitor itself. */
export interface MonitorSettings {
  /** Seconds between two ticks; by it the last one is too old or not. */
  tickSeconds: number;
  /** Whose heartbeats are looked at. */
  shards: readonly string[];
  /** Where people reach the API and its page, without a slash at its end. Default: not known. */
  publicUrl?: string | null;
  /** What the page shows of whose it is. Default: the product's name and mark. */
  page?: PageSettings;
}

/** The parts that routes read from. */
export interface Api {
  store: Store;
  /** Providers that come with the deployment: they exist before their first check. */
  declared: readonly ProviderConfig[];
  monitor: MonitorSettings;
  log: Log;
  now: () => Date;
  /** Numbers from 0 (inclusive) to 1 (exclusive). */
  random: () => number;
  /** Since when providers without a status are unknown, as far as this process knows. */
  startedAt: Date;
  /** Pages of 1000 items that one export may read. */
  exportPages: number;
}
