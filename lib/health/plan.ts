/** Whether a provider is due in a tick, and which request its check sends, by its schedule and its limits on tokens. */

import { tokensOn } from './next-status.ts';
import type { ProbeKind, ProviderConfig } from './provider.ts';
import type { ProviderStatus } from './status.ts';

/**
 * Whether the provider was not checked yet in the interval that `tick` lies in. Intervals are counted from the epoch,
 * so a tick delivered twice, or retried after a crash, finds due only what is missing.
 */
export function isDue(config: ProviderConfig, status: ProviderStatus | null, tick: Date): boolean {
  if (!config.enabled) return false;
  const last = status?.lastCheck?.timestamp;
  return last === undefined || isLaterInterval(tick, last, config.intervalSeconds);
}

/** The request that a scheduled check sends at `tick`: the configured one, or `models` where that saves tokens. */
export function probeKindAt(config: ProviderConfig, status: ProviderStatus | null, tick: Date): ProbeKind {
  if (config.probe === 'models' || status === null) return config.probe;
  if (tokensOn(status.tokensToday, tick.toISOString()) >= config.maxTokensPerDay) return 'models';
  // A list of models proves nothing about a model that failed to answer, so only the real request can prove a recovery.
  if (config.completionEverySeconds === null || !status.isHealthy) return config.probe;
  const last = status.lastCompletionAt;
  return last === null || isLaterInterval(tick, last, config.completionEverySeconds) ? config.probe : 'models';
}

function isLaterInterval(tick: Date, last: string, intervalSeconds: number): boolean {
  const intervalMs = intervalSeconds * 1000;
  return Math.floor(tick.getTime() / intervalMs) > Math.floor(Date.parse(last) / intervalMs);
}
