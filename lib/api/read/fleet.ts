/** Reads the statuses for an answer. Declared providers without a stored status are added as `unknown`. */

import { unknownProvider } from '../../checker/errors.ts';
import type { BriefStatus } from '../../health/brief-status.ts';
import { unknownStatus } from '../../health/next-status.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { type StatusList, StoreError } from '../../store/store.ts';
import type { Api } from '../api.ts';

/** All statuses in one list read, in id order. */
export async function readFleet(api: Api): Promise<StatusList> {
  return withDeclared(api, await api.store.statuses.list());
}

/** The same with brief statuses, for answers that need no more. */
export async function readBriefFleet(api: Api): Promise<StatusList<BriefStatus>> {
  return withDeclared(api, await api.store.statuses.listBrief());
}

function withDeclared<Status extends BriefStatus>(
  { declared, startedAt }: Api,
  { statuses, unreadable }: StatusList<Status>,
): StatusList<Status | ProviderStatus> {
  const seen = new Set([...statuses, ...unreadable].map(({ provider }) => provider));
  const unchecked = declared.filter(({ id }) => !seen.has(id)).map((config) => unknownStatus(config, startedAt));
  if (unchecked.length === 0) return { statuses, unreadable };
  const all = [...statuses, ...unchecked].sort((a, b) => (a.provider < b.provider ? -1 : 1));
  return { statuses: all, unreadable };
}

/**
 * @throws {CheckerError} `unknown_provider`
 * @throws {StoreError}
 */
export async function readStatus({ store, declared, startedAt }: Api, id: string): Promise<ProviderStatus> {
  const stored = await store.statuses.get(id);
  if (stored) return stored;
  const config = declaredProvider(declared, id);
  if (!config) throw unknownProvider(id);
  return unknownStatus(config, startedAt);
}

/**
 * The provider's interval between two scheduled checks, in seconds. Null when its status cannot be understood; its
 * history can still be read.
 *
 * @throws {CheckerError} `unknown_provider`
 * @throws {StoreError}
 */
export async function readIntervalSeconds(api: Api, id: string): Promise<number | null> {
  const config = declaredProvider(api.declared, id);
  if (config) return config.intervalSeconds;
  try {
    return (await readStatus(api, id)).intervalSeconds;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unreadable') return null;
    throw error;
  }
}

function declaredProvider(declared: readonly ProviderConfig[], id: string): ProviderConfig | undefined {
  return declared.find((config) => config.id === id);
}
