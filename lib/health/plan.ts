/** Decides whether a provider is due in a tick, and which request its check sends. */

import { tokensOn } from './next-status.ts';
import type { ProbeKind, ProviderConfig } from './provider.ts';
import type { ProviderStatus } from './status.ts';

/**
 * Whether the provider has no check yet in the current interval, the one that contains `tick`. Intervals are counted from 1970,
 * so a tick that is delivered twice, or repeated after a crash, checks only the providers that are missing.
 */
export function isDue(config: ProviderConfig, status: ProviderStatus | null, tick: Date): boolean {
  if (!config.enabled) return false;
  const last = status?.lastCheck?.timestamp;
  return last === undefined || isLaterInterval(tick, last, config.intervalSeconds);
}

/** The kind of request that a scheduled check sends at `tick`: the configured one, or `models` to save tokens. */
export function probeKindAt(config: ProviderConfig, status: ProviderStatus | null, tick: Date): ProbeKind {
  if (config.probe === 'models' || status === null) return config.probe;
  if (tokensOn(status.tokensToday, tick.toISOString()) >= config.maxTokensPerDay) return 'models';
  // Only the configured request can prove that a model has recovered; a list of models cannot.
  if (config.completionEverySeconds === null || !status.isHealthy) return config.probe;
  const last = status.lastCompletionAt;
  return last === null || isLaterInterval(tick, last, config.completionEverySeconds) ? config.probe : 'models';
}

function isLaterInterval(tick: Date, last: string, intervalSeconds: number): boolean {
  const intervalMs = intervalSeconds * 1000;
  return Math.floor(tick.getTime() / intervalMs) > Math.floor(Date.parse(last) / intervalMs);
}
