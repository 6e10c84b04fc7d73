/** The exports of `provider-health/cdk`, for CDK apps. */

export { ConfigError } from '../config/error.ts';
export type { ConfigInput, ProviderInput, RegisteredKeyInput } from '../config/schema.ts';
export type { DoorOptions, OidcOptions, PasswordOptions, ReadAccess } from './access/door.ts';
export type { ApiDomain } from './api-domain.ts';
export type { TickSeconds } from './functions/check-function.ts';
export type { ConcurrencyOptions } from './functions/concurrency.ts';
export type { MemoryOptions } from './functions/function-settings.ts';
export { HealthTable } from './health-table.ts';
export type { JwtOptions } from './jwt.ts';
export type { ProviderHealthProps, ProxyOptions } from './options.ts';
export { type ImportedProviderHealth, ProviderHealth } from './provider-health.ts';
export { ProviderHealthStack, type ProviderHealthStackProps } from './provider-health-stack.ts';
export type { CorsOptions } from './status-api.ts';
export type { RateOptions, ThrottleOptions } from './throttles.ts';
