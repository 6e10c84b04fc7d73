/** What the routes work with. functions/ and lib/local make the parts and serve the routes. */

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
  /** Seconds between two ticks: decides whether the last one is too old. */
  tickSeconds: number;
  /** Whose heartbeats are looked at. */
  shards: readonly string[];
  /** Where people reach the API and its page, without a slash at its end. Default: not known. */
  publicUrl?: string | null;
  /** The name and logo on the page. Default: those of the product. */
  page?: PageSettings;
}

/** The parts that routes read from. */
export interface Api {
  store: Store;
  /** Providers that come with the deployment: they exist before their first check. */
  declared: readonly ProviderConfig[];
  monitor: MonitorSettings;
  /** Where people sign in who may read without it; null: nowhere, or every page leads them there. */
  signInPath: string | null;
  log: Log;
  now: () => Date;
  /** Numbers from 0 (inclusive) to 1 (exclusive). */
  random: () => number;
  /** Since when providers without a status are unknown, as far as this process knows. */
  startedAt: Date;
  /** Pages of 1000 items that one export may read. */
  exportPages: number;
}
