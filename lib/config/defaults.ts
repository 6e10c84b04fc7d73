/** The default settings of a provider. Defaults that depend on the type are in its preset (lib/probe/presets). */

import type { ProviderConfig } from '../health/provider.ts';

/** The settings that `defaults` of providers.json may contain. Not headers, because they would be sent to all providers. */
export type ProviderDefaults = Pick<
  ProviderConfig,
  | 'maxTokens'
  | 'intervalSeconds'
  | 'timeoutSeconds'
  | 'firstTokenTimeoutSeconds'
  | 'targetResponseMs'
  | 'degradedAboveMs'
  | 'degradedFirstTokenAboveMs'
  | 'probe'
  | 'completionEverySeconds'
  | 'maxTokensPerDay'
  | 'blacklistAfter'
  | 'recoveryThreshold'
  | 'tags'
  | 'maintenance'
>;

export const PROVIDER_DEFAULTS: ProviderDefaults = {
  maxTokens: null,
  intervalSeconds: 60,
  timeoutSeconds: 10,
  firstTokenTimeoutSeconds: null,
  targetResponseMs: 1000,
  degradedAboveMs: null,
  degradedFirstTokenAboveMs: null,
  probe: 'completion',
  completionEverySeconds: null,
  maxTokensPerDay: 100_000,
  blacklistAfter: 3,
  recoveryThreshold: 2,
  tags: [],
  maintenance: [],
};

/**
 * The default of `timeoutSeconds` in a monitor with this tick: 10, and with short ticks 80 % of one. Then a provider that
 * hangs delays no tick, except once, when the first failure is confirmed.
 */
export function timeoutWithin(tickSeconds: number): number {
  return Math.min(PROVIDER_DEFAULTS.timeoutSeconds, Math.floor(tickSeconds * 8) / 10);
}

/** Hosts of two operators that share no network. When neither answers, the monitor's own network fails. */
export const DEFAULT_WITNESSES: readonly string[] = ['one.one.one.one:443', 'www.google.com:443'];
