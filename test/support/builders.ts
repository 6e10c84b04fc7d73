/**
 * Makes providers, checks and statuses for tests. Every field has a sensible default, so a test names only the fields
 * that it tests.
 */

import { type Category, faultOf } from '../../lib/health/category.ts';
import type { Attempts, FailedCheck, HealthCheck, HealthyVerdict, Timings } from '../../lib/health/check.ts';
import { nextStatus, unknownStatus } from '../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';

/**
 * The first of the built times: the beginning of an hour and of a day, so that a test crosses such a boundary only when
 * it adds enough to it.
 */
export const START = '2026-03-01T10:00:00.000Z';

/** The time `ms` after {@link START}, ISO 8601 UTC. */
export function at(ms: number): string {
  return new Date(Date.parse(START) + ms).toISOString();
}

/** The time `minutes` after {@link START}: that of a check in a schedule of one a minute. */
export function minute(minutes: number): string {
  return at(minutes * 60_000);
}

/** A provider with every default applied; a simulated endpoint of the `openai-compatible` type. */
export function provider(settings: Partial<ProviderConfig> = {}): ProviderConfig {
  return {
    id: 'alpha',
    type: 'openai-compatible',
    model: 'test-model',
    baseUrl: 'https://alpha.example.com/v1',
    apiKey: null,
    auth: null,
    headers: {},
    body: {},
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
    enabled: true,
    maintenance: [],
    ...settings,
  };
}

export type GoodCheck = HealthCheck & HealthyVerdict;

/** Some fields of a check: of the two fields about attempts, both or neither. */
type Fields<Check extends HealthCheck> = Partial<Omit<Check, keyof Attempts>> &
  (Attempts | Partial<Record<keyof Attempts, never>>);

/** A good check, 200 ms, at {@link START}. */
export function goodCheck(fields: Fields<GoodCheck> = {}): GoodCheck {
  const responseTimeMs = fields.responseTimeMs ?? 200;
  return {
    provider: 'alpha',
    model: 'test-model',
    timestamp: START,
    trigger: 'schedule',
    attempts: 1,
    firstAttempt: null,
    isHealthy: true,
    errorMessage: null,
    category: null,
    fault: null,
    retryAfterMs: null,
    responseTimeMs,
    statusCode: 200,
    timings: timings(responseTimeMs),
    probe: 'completion',
    tokens: { input: 8, output: 1, estimated: false },
    tokensPerSecond: null,
    requestId: null,
    newConnection: true,
    uncertain: false,
    warning: null,
    ...fields,
  };
}

/** A failed check, after 50 ms, at {@link START}; whose fault it is follows from the category. */
export function failedCheck(category: Category, fields: Fields<FailedCheck> = {}): FailedCheck {
  const { isHealthy, warning, attempts, firstAttempt, ...good } = goodCheck();
  const responseTimeMs = fields.responseTimeMs ?? 50;
  return {
    ...good,
    attempts: 1,
    firstAttempt: null,
    isHealthy: false,
    warning: null,
    errorMessage: `simulated ${category}`,
    category,
    fault: faultOf(category),
    retryAfterMs: null,
    responseTimeMs,
    statusCode: null,
    timings: timings(responseTimeMs),
    tokens: null,
    ...fields,
  };
}

function timings(totalMs: number): Timings {
  return { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, firstTokenMs: null, totalMs };
}

/** The provider's status after these checks, by the real rules; without checks, unknown since {@link START}. */
export function statusAfter(checks: readonly HealthCheck[], config: ProviderConfig = provider()): ProviderStatus {
  return checks.reduce<ProviderStatus>(
    (status, check) => nextStatus(status, { ...check, provider: config.id }, config)?.status ?? status,
    unknownStatus(config, new Date(START)),
  );
}

/** A healthy status: one good check of `responseTimeMs` at `timestamp`. */
export function healthyStatus(settings: Partial<ProviderConfig> = {}, check: Fields<GoodCheck> = {}): ProviderStatus {
  return statusAfter([goodCheck(check)], provider(settings));
}

/** An unhealthy status: one failed check at `timestamp`. */
export function unhealthyStatus(
  settings: Partial<ProviderConfig> = {},
  category: Category = 'server_error',
  check: Fields<FailedCheck> = {},
): ProviderStatus {
  return statusAfter([failedCheck(category, check)], provider(settings));
}

/** A blacklisted status: as many failed checks, a minute apart, as its `blacklistAfter` asks for; the last at `minute(n - 1)`. */
export function blacklistedStatus(
  settings: Partial<ProviderConfig> = {},
  category: Category = 'server_error',
): ProviderStatus {
  const config = provider(settings);
  const checks = Array.from({ length: config.blacklistAfter }, (_, i) =>
    failedCheck(category, { timestamp: minute(i) }),
  );
  return statusAfter(checks, config);
}
