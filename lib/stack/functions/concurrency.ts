/** Invocations that are kept for one function, and that it cannot exceed. */

import { ConfigError } from '../../config/error.ts';

/**
 * Invocations that each function may have at the same time, taken from the account's and kept for it. None by default,
 * since a new account has 10 and may reserve none of them; the throttles alone keep a flood small beside the usual 1000.
 */
export interface ConcurrencyOptions {
  /** Of the function that answers reads: a flood of them takes no more from the ticks than this. @default - not reserved */
  readonly reads?: number;
  /** Of the function of the writes and the manual checks. @default - not reserved */
  readonly writes?: number;
  /** Of the function of the ticks. Two ticks may overlap, and reports of routers come beside them. @default - not reserved */
  readonly check?: number;
  /** Of the function that sends alerts. @default - not reserved */
  readonly alerts?: number;
}

/** 0 would switch the function off. */
export function concurrencyOf(kind: keyof ConcurrencyOptions, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw new ConfigError([{ path: `concurrency.${kind}`, message: `expected a whole number above 0, got ${value}` }]);
}
