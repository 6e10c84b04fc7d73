/** The checker of a deployed monitor. The alerts function, on the table's stream, takes the notices. */

import { HealthChecker } from '../../lib/checker/checker.ts';
import type { HealthCheckerOptions } from '../../lib/checker/options.ts';
import type { MonitorConfig } from '../../lib/config/schema.ts';
import { log } from './log.ts';
import type { Monitor } from './monitor.ts';

/** @param options Beside those of every function. */
export function deployedChecker(
  { addressPolicy, proxies, store }: Pick<Monitor, 'addressPolicy' | 'proxies' | 'store'>,
  config: MonitorConfig,
  options: Pick<HealthCheckerOptions, 'tickSeconds' | 'compare'> = {},
): HealthChecker {
  return new HealthChecker({
    config,
    addressPolicy,
    proxies,
    store,
    log,
    onNotices: async () => {},
    limitManualChecks: true,
    ...options,
  });
}
