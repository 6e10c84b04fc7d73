/** A status as it is answered: every answer about health says how old it is. */

import { ageMs, isStale, type ProviderStatus } from './status.ts';

export type AgedStatus = ProviderStatus & {
  /** Milliseconds since the last check, or since the status began when there was none. */
  ageMs: number;
  /** Older than 3 intervals. */
  stale: boolean;
};

export function withAge(status: ProviderStatus, now: Date): AgedStatus {
  // What is asked for most stands first, for whoever reads the answer with his eyes.
  const { provider, type, model, state, isHealthy } = status;
  const first = { provider, type, model, state, isHealthy };
  return { ...first, ...status, ageMs: ageMs(status, now), stale: isStale(status, now) };
}
