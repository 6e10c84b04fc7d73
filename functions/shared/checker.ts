/** The checker of a deployed monitor. It sends no notices: the alerts function gets them from the table's stream. */

import { HealthChecker } from '../../lib/checker/checker.ts';
import type { HealthCheckerOptions } from '../../lib/checker/options.ts';
import type { MonitorConfig } from '../../lib/config/schema.ts';
import { log } from './log.ts';
import type { Monitor } from './monitor.ts';

/** @param options Options that only one of the functions sets. */
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
