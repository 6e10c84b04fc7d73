/** Which providers there are, declared and registered, and what is known of each: what a tick begins with. */

import { messageOf } from '../../base/error-text.ts';
import { PROVIDER_ID, type ProviderConfig } from '../../health/provider.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { type Registration, type StatusList, type Store, StoreError } from '../../store/store.ts';
import type { Copies } from './copies.ts';

export interface Member {
  config: ProviderConfig;
  /** Declared ones come with the deployment; the others were registered, and may be deleted at any time. */
  declared: boolean;
  /** Null when it has none yet. */
  status: ProviderStatus | null;
}

/** A provider that cannot be used as it is stored. */
export interface Problem {
  provider: string;
  reason: string;
}

export interface Fleet {
  members: Member[];
  problems: Problem[];
  /** Statuses of providers that no longer exist. */
  orphans: ProviderStatus[];
}

/** Reads a registered provider's input. @throws When it is not one. */
export type ParseProvider = (input: unknown) => ProviderConfig;

/** The providers of one shard. */
export interface FleetPart {
  isOurs(provider: string): boolean;
  /** Statuses that need not be read; null: none. */
  copies: Copies | null;
  /** Whether the others are read in one list of all, in which orphans of every shard show; else those alone, by key. */
  readAll: boolean;
}

interface MemberSource {
  store: Store;
  declared: readonly ProviderConfig[];
  parseProvider: ParseProvider;
}

/**
 * Statuses are read before registrations: a registration is written before its status, so each status that is seen here
 * has its provider seen too, and one that has none is an orphan.
 *
 * @param part Which providers it is about. Default: all.
 */
export async function readFleet(
  store: Store,
  declared: readonly ProviderConfig[],
  parseProvider: ParseProvider,
  { isOurs, copies, readAll }: FleetPart = { isOurs: () => true, copies: null, readAll: true },
): Promise<Fleet> {
  const all = readAll ? await store.statuses.list() : null;
  const everywhere = await store.registrations.list();
  const registrations = everywhere.filter(({ provider }) => isOurs(provider));
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
    // A deployment that declares an id takes it over from a registration of the same name.
    if (declaredIds.has(provider) || problems.has(provider)) continue;
    const parsed = parse(registration, parseProvider);
    if ('reason' in parsed) problems.set(provider, parsed);
    else members.set(provider, { config: parsed, declared: false, status: byId.get(provider) ?? null });
  }
  const exist = new Set([...declaredIds, ...everywhere.map(({ provider }) => provider)]);
  const gone = [...(copies?.keys() ?? [])].filter((id) => !exist.has(id));
  const orphans = [...list.statuses.filter(({ provider }) => !exist.has(provider)), ...(await readGone(store, gone))];
  return { members: [...members.values()], problems: [...problems.values()], orphans };
}

async function readOthers({ statuses }: Store, ids: readonly string[], copies: Copies | null): Promise<StatusList> {
  const known = ids.flatMap((id) => copies?.get(id) ?? []);
  const others = copies === null ? ids : ids.filter((id) => !copies.has(id));
  if (others.length === 0) return { statuses: known, unreadable: [] };
  const read = await statuses.some(others);
  return { statuses: [...known, ...read.statuses], unreadable: read.unreadable };
}

/** Statuses that a deletion left when it broke off; providers that were registered anew meanwhile have theirs. */
async function readGone({ statuses, registrations }: Store, ids: readonly string[]): Promise<ProviderStatus[]> {
  if (ids.length === 0) return [];
  const left = (await statuses.some(ids)).statuses;
  const registered = await Promise.all(left.map(({ provider }) => registrations.get(provider)));
  return left.filter((_, index) => registered[index] === null);
}

/**
 * One provider, read by its key; null when there is none of this id.
 *
 * @throws {StoreError} `unreadable` when what is stored of it cannot be understood.
 */
export async function readMember(
  { store, declared, parseProvider }: MemberSource,
  provider: string,
): Promise<Member | null> {
  if (!PROVIDER_ID.test(provider)) return null;
  // In the order of readFleet, for the same reason.
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
