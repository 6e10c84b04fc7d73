/** Reserved concurrency of the functions. */

import { ConfigError } from '../../config/error.ts';

/**
 * Concurrent invocations that are reserved for a function, and that it cannot exceed. Default: none, because a new
 * account has 10 and may reserve none of them. In an account with the usual 1000, the throttles are enough against a
 * flood.
 */
export interface ConcurrencyOptions {
  /**
   * For the function that answers reads. A flood of reads then takes no more than this from the ticks.
   *
   * @default - not reserved
   */
  readonly reads?: number;
  /** For the function of writes and manual checks. @default - not reserved */
  readonly writes?: number;
  /**
   * For each check function. Two ticks may overlap, and reports of routers may come at the same time.
   *
   * @default - not reserved
   */
  readonly check?: number;
  /** For the function that sends alerts. @default - not reserved */
  readonly alerts?: number;
}

/** Refuses 0, which would switch the function off. */
export function concurrencyOf(kind: keyof ConcurrencyOptions, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw new ConfigError([{ path: `concurrency.${kind}`, message: `expected a whole number above 0, got ${value}` }]);
}
