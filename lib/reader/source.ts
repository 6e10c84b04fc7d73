/** Where statuses come from: the table, or the HTTP API. When to ask, and what to do without an answer, is cache.ts's. */

import type { ProviderStatus } from '../health/status.ts';

export interface StatusRead {
  statuses: readonly ProviderStatus[];
  /** Providers whose status cannot be understood. */
  unreadable: readonly { provider: string }[];
}

/** One read of all statuses. Its error is told by `problemOf`. */
export type StatusSource = (signal: AbortSignal) => Promise<StatusRead>;

/** How long a read may take before it is given up, however long its callers wait for it. */
export const READ_TIMEOUT_MS = 2000;
