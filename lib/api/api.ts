/** The parts that the routes need. functions/ and lib/local make them. */

import type { ChannelTest } from '../alerts/channels/test-channels.ts';
import type { Log } from '../base/log.ts';
import type { Pause } from '../checker/fleet/pause.ts';
import type { PageSettings } from '../config/page.ts';
import type { HealthCheck } from '../health/check.ts';
import type { ProviderConfig } from '../health/provider.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Store } from '../store/store.ts';

/** The methods of HealthChecker that the API calls. */
export interface Checker {
  /**
   * @throws {ConfigError} With every mistake.
   * @throws {CheckerError} `declared_provider`
   */
  registerProvider(input: unknown): Promise<ProviderStatus>;
  /**
   * @returns Whether there was one.
   * @throws {CheckerError} `declared_provider`
   */
  unregisterProvider(id: string): Promise<boolean>;
  /**
   * @throws {CheckerError} `unknown_provider`, `unfinished`
   * @throws {TooManyChecksError}
   * @throws {StoreError}
   */
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

/** Settings of the monitor itself. */
export interface MonitorSettings {
  /** Seconds between two ticks. A last tick older than three of them is too old. */
  tickSeconds: number;
  /** Names of the shards. Each has a heartbeat. */
  shards: readonly string[];
  /** Address of the API and its page, without a trailing slash. Default: not known. */
  publicUrl?: string | null;
  /** Whether alerts have a channel to go to. Default: not known. */
  hasChannels?: boolean;
  /** The page's name and logo. Default: those of the product. */
  page?: PageSettings;
}

/** The parts that routes read from. */
export interface Api {
  store: Store;
  /** Declared providers: they exist before their first check. */
  declared: readonly ProviderConfig[];
  monitor: MonitorSettings;
  /** Path of the sign-in where reading needs none. Null: there is no sign-in, or every page redirects to it. */
  signInPath: string | null;
  log: Log;
  now: () => Date;
  /** From 0 (inclusive) to 1 (exclusive). */
  random: () => number;
  /** When this process started. Providers without a status count as `unknown` since then. */
  startedAt: Date;
  /** The most pages of 1000 items that one export may read. */
  exportPages: number;
}
