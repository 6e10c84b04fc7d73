/** What CDK apps import, as `provider-health/cdk`. */

export { ConfigError } from '../config/error.ts';
export type { ConfigInput, ProviderInput, RegisteredKeyInput } from '../config/schema.ts';
export type { TickSeconds } from './functions/check-function.ts';
export { HealthTable } from './health-table.ts';
export type { JwtOptions } from './jwt.ts';
export { ProviderHealth, type ProviderHealthProps } from './provider-health.ts';
export { ProviderHealthStack, type ProviderHealthStackProps } from './provider-health-stack.ts';
export type { ConcurrencyOptions } from './status-api.ts';
export type { RateOptions, ThrottleOptions } from './throttles.ts';
