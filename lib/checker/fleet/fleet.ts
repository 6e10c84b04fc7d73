/** Reads all providers, declared and registered, with the status of each. A tick begins with it. */

import { messageOf } from '../../base/error-text.ts';
import { PROVIDER_ID, type ProviderConfig } from '../../health/provider.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { type Registration, type StatusList, type Store, StoreError } from '../../store/store.ts';
import type { Copies } from './copies.ts';

export interface Member {
  config: ProviderConfig;
  /** True: comes with the deployment. False: was registered, and may be deleted at any time. */
  declared: boolean;
  /** Null when the provider has none yet. */
  status: ProviderStatus | null;
}

/** A provider that cannot be checked or stored, and why. */
export interface Problem {
  provider: string;
  reason: string;
}

export interface Fleet {
  members: Member[];
  problems: Problem[];
  /** Statuses of providers that no longer exist. */
  orphans: ProviderStatus[];
  /** Whether a provider with this id exists, in any shard. */
  exists(provider: string): boolean;
}

/** Parses the settings of a registered provider. @throws When they cannot be used. */
export type ParseProvider = (input: unknown) => ProviderConfig;

/** The providers of one shard. */
export interface FleetPart {
  isOurs(provider: string): boolean;
  /** Statuses that need not be read; null: read all. */
  copies: Copies | null;
  /**
   * True: the other statuses are read in one list of all, which also shows the orphans of every shard. False: they are
   * read by key.
   */
  readAll: boolean;
}

interface MemberSource {
  store: Store;
  declared: readonly ProviderConfig[];
  parseProvider: ParseProvider;
}

/**
 * Reads the providers with their statuses. Statuses are read before registrations, and a registration is written before
 * its status. So each status read here has its provider read too, and a status without a provider is an orphan.
 *
 * @param part Which providers to read. Default: all.
 */
export async function readFleet(
  store: Store,
  declared: readonly ProviderConfig[],
  parseProvider: ParseProvider,
  { isOurs, copies, readAll }: FleetPart = { isOurs: () => true, copies: null, readAll: true },
): Promise<Fleet> {
  const all = readAll ? await store.statuses.list() : null;
  const allRegistrations = await store.registrations.list();
  const registrations = allRegistrations.filter(({ provider }) => isOurs(provider));
  const ids = [...declared.map(({ id }) => id).filter(isOurs), ...registrations.map(({ provider }) => provider)];
  const list = all ?? (await readOthers(store, ids, copies));
  const statuses = list.statuses.filter(({ provider }) => isOurs(provider));
  const unreadable = list.unreadable.filter(({ provider }) => isOurs(provider));
  const problems = new Map<string, Problem>(unreadable.map((problem) => [problem.provider, problem]));
  const byId = new Map(statuses.map((status) => [status.provider, status]));
  const members = new Map<string, Member>();
  for (const config of declared) {
    if (isOurs(config.id) && !problems.has(config.id))
      members.set(config.id, { config, declared: true, status: byId.get(config.id) ?? null });
  }
  const declaredIds = new Set(declared.map((config) => config.id));
  for (const registration of registrations) {
    const { provider } = registration;
    // A declared provider replaces a registered one with the same id.
    if (declaredIds.has(provider) || problems.has(provider)) continue;
    const parsed = parse(registration, parseProvider);
    if ('reason' in parsed) problems.set(provider, parsed);
    else members.set(provider, { config: parsed, declared: false, status: byId.get(provider) ?? null });
  }
  const exist = new Set([...declaredIds, ...allRegistrations.map(({ provider }) => provider)]);
  const gone = [...(copies?.keys() ?? [])].filter((id) => !exist.has(id));
  const orphans = [...list.statuses.filter(({ provider }) => !exist.has(provider)), ...(await readGone(store, gone))];
  return {
    members: [...members.values()],
    problems: [...problems.values()],
    orphans,
    exists: (provider) => exist.has(provider),
  };
}

async function readOthers({ statuses }: Store, ids: readonly string[], copies: Copies | null): Promise<StatusList> {
  const known = ids.flatMap((id) => copies?.get(id) ?? []);
  const others = copies === null ? ids : ids.filter((id) => !copies.has(id));
  if (others.length === 0) return { statuses: known, unreadable: [] };
  const read = await statuses.some(others);
  return { statuses: [...known, ...read.statuses], unreadable: read.unreadable };
}

/** Statuses that an interrupted deletion left. A provider that was registered again meanwhile is not among them. */
async function readGone({ statuses, registrations }: Store, ids: readonly string[]): Promise<ProviderStatus[]> {
  if (ids.length === 0) return [];
  const left = (await statuses.some(ids)).statuses;
  const registered = await Promise.all(left.map(({ provider }) => registrations.get(provider)));
  return left.filter((_, index) => registered[index] === null);
}

/**
 * Reads one provider by its key.
 *
 * @returns Null when no provider has this id.
 * @throws {StoreError} `unreadable` when the provider's stored settings or status cannot be understood.
 */
export async function readMember(
  { store, declared, parseProvider }: MemberSource,
  provider: string,
): Promise<Member | null> {
  if (!PROVIDER_ID.test(provider)) return null;
  // The status before the registration, as in readFleet, for the same reason.
  const status = await store.statuses.get(provider);
  const config = declared.find(({ id }) => id === provider);
  if (config) return { config, declared: true, status };
  const registration = await store.registrations.get(provider);
  if (registration === null) return null;
  const parsed = parse(registration, parseProvider);
  if ('reason' in parsed) throw new StoreError('unreadable', `provider ${provider}: ${parsed.reason}`);
  return { config: parsed, declared: false, status };
}

function parse(registration: Registration, parseProvider: ParseProvider): ProviderConfig | Problem {
  try {
    return parseProvider(registration.input);
  } catch (error) {
    return { provider: registration.provider, reason: `registered settings cannot be used: ${messageOf(error)}` };
  }
}
