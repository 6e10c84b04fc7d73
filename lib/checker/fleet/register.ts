/** Registers and unregisters providers while the monitor runs. Not here: which settings are allowed (lib/config). */

import { ConfigError } from '../../config/error.ts';
import { forbiddenKeys, keyRefusal } from '../../egress/key-rights.ts';
import { unknownStatus, withPolicy } from '../../health/next-status.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { CheckContext } from '../context.ts';
import { CheckerError } from '../errors.ts';
import type { KnownStatuses } from './known.ts';
import { putSettings, removeStatus } from './remove.ts';
import { touchStatuses } from './touch.ts';

/**
 * Adds a provider, or changes an added one and keeps its health.
 *
 * @param known Makes the provider known before it is stored. Default: nothing does. @throws {CheckerError}
 * `declared_provider`. @throws {ConfigError} From the parser, and for keys that the provider's
 *   host may not get.
 */
export async function register(context: CheckContext, input: unknown, known?: KnownStatuses): Promise<ProviderStatus> {
  const { store, clock } = context;
  const config = context.parseProvider(input);
  refuseDeclared(context, config.id);
  refuseForbiddenKeys(context, config);
  const now = clock.now();
  known?.expect(config);
  try {
    // The registration first: a status without one is an orphan, which the next tick removes.
    await store.registrations.put({ provider: config.id, input, registeredAt: now.toISOString() });
    const status = await bringUpToDate(context, config, now);
    await touchStatuses(context);
    return status;
  } finally {
    known?.settle(config.id);
  }
}

/**
 * Removes a registered provider and its status; its incident ends. Its checks and transitions stay until they expire, so
 * those that only the status carries are written first.
 *
 * @returns Whether there was one.
 * @throws {CheckerError} `declared_provider`.
 */
export async function unregister(context: CheckContext, provider: string): Promise<boolean> {
  refuseDeclared(context, provider);
  const existed = await context.store.registrations.delete(provider);
  await removeStatus(context, provider);
  await touchStatuses(context);
  return existed;
}

/**
 * Writes the missing status of a registered provider, after a registration that ended between its two writes. Without a
 * status no check of the provider would ever count.
 */
export async function completeRegistration(
  { store }: Pick<CheckContext, 'store'>,
  config: ProviderConfig,
  now: Date,
): Promise<void> {
  const status = unknownStatus(config, now);
  if ((await store.statuses.put(status, null, null)) === 'conflict') return;
  // A deletion removes the registration first. A deletion under way is noticed here, or it deletes the new status
  // itself.
  const registration = await store.registrations.get(config.id);
  if (registration === null) await store.statuses.delete(config.id, status.version);
}

function refuseDeclared({ declared }: CheckContext, provider: string): void {
  if (!declared.some((config) => config.id === provider)) return;
  throw new CheckerError(
    'declared_provider',
    `provider ${provider}: it is declared in providers.json. Change it there (and deploy, if the monitor is deployed), or register one with another id.`,
  );
}

function refuseForbiddenKeys({ keyRights }: CheckContext, config: ProviderConfig): void {
  const issues = forbiddenKeys(keyRights, config).map((key) => ({ path: key.field, message: `${keyRefusal(key)}.` }));
  if (issues.length > 0) throw new ConfigError(issues);
}

async function bringUpToDate(context: CheckContext, config: ProviderConfig, now: Date): Promise<ProviderStatus> {
  for (;;) {
    const current = await context.store.statuses.get(config.id);
    const next = current ? withPolicy(current, config) : unknownStatus(config, now);
    if (next === null && current) return current;
    if (next && (await putSettings(context, current, next)) === 'stored') return next;
  }
}
