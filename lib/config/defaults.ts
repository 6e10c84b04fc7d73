/** The default settings of a provider, in one place. Defaults that depend on the type are in its preset. */

import type { ProviderConfig } from '../health/provider.ts';

/** Settings that `defaults` of providers.json may set for all providers. Not the headers: they would go to every one. */
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

/** Two operators that share no network: when neither answers, the fault is on our side. */
export const DEFAULT_WITNESSES: readonly string[] = ['one.one.one.one:443', 'www.google.com:443'];
