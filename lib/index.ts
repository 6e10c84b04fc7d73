/** What programs that monitor by themselves import, as `provider-health`: HealthChecker, and the words of its answers. */

export type { OnNotices } from './alerts/notice.ts';
export type { SentAlert } from './alerts/sent.ts';
export type { Log } from './base/log.ts';
export { type CheckerSummary, HealthChecker } from './checker/checker.ts';
export { CheckerError, CheckerOptionError, TooManyChecksError } from './checker/errors.ts';
export type { ManualCheck } from './checker/manual/manual.ts';
export type { HealthCheckerOptions } from './checker/options.ts';
export type { TickReport } from './checker/tick/report.ts';
export { ConfigError } from './config/error.ts';
export { loadConfig } from './config/load.ts';
export { parseConfig } from './config/parse.ts';
export type { ConfigInput, MonitorConfig, ProviderInput } from './config/schema.ts';
export type { AddressPolicy } from './egress/guard.ts';
export type { AgedStatus } from './health/aged-status.ts';
export type { Category, Fault } from './health/category.ts';
export type { HealthCheck } from './health/check.ts';
export type { ProviderConfig, ProviderType } from './health/provider.ts';
export type { ProviderStatus } from './health/status.ts';
export type { HealthSummary, ProviderSummary } from './health/summary.ts';
export type { State, Transition } from './health/transition.ts';
