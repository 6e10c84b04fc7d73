/**
 * The statuses as this process knows them from its last reads and writes of the store, for answers without waiting. All
 * reads and writes must go through the store that {@link remembering} returns.
 */

import { unknownStatus } from '../../health/next-status.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { MemoryStore } from '../../store/memory/store.ts';
import type { StatusList, Store } from '../../store/store.ts';

export interface KnownStatuses {
  get(id: string): ProviderStatus | null;
  /** In id order. */
  all(): ProviderStatus[];
  /** Makes a provider known, as `unknown`, before its status is stored. */
  expect(config: ProviderConfig): void;
  /** Ends `expect`: the provider has its stored status now, or will get none. */
  settle(id: string): void;
}

/** The store to use from now on, and the statuses known through it. */
export interface Remembering {
  store: Store;
  known: KnownStatuses;
}

/** @param declared Providers that are known before their first check. */
export function remembering(store: Store, declared: readonly ProviderConfig[], now: () => Date): Remembering {
  const source = mirrored(store, isInMemory(store) ? store.atOnce : null);
  const madeAt = now();
  /** Providers that may have no stored status (declared ones, and those that are being registered), and since when. */
  const expected = new Map(declared.map((config) => [config.id, { config, since: madeAt }]));
  const declaredIds = new Set(expected.keys());
  // Made for each request: once the status is stored, this is not called any more.
  const unknown = (id: string) => {
    const found = expected.get(id);
    return found ? unknownStatus(found.config, found.since) : null;
  };
  return {
    store: source.store,
    known: {
      get: (id) => source.status(id) ?? unknown(id),
      all() {
        const stored = source.statuses();
        const ids = new Set(stored.map(({ provider }) => provider));
        const others = [...expected.keys()].flatMap((id) => (ids.has(id) ? [] : (unknown(id) ?? [])));
        return [...stored, ...others].sort((a, b) => (a.provider < b.provider ? -1 : 1));
      },
      expect(config) {
        if (source.status(config.id) === null) expected.set(config.id, { config, since: now() });
      },
      settle(id) {
        if (!declaredIds.has(id)) expected.delete(id);
      },
    },
  };
}

export function isInMemory(store: Store): store is MemoryStore {
  return 'atOnce' in store;
}

/**
 * The store in memory holds its statuses as texts. Copies make answers for a usual fleet quick; a fleet larger than this
 * has none, since they would take more than the texts.
 */
const COPIES_OF_MEMORY = 200;

/**
 * A store that keeps a copy of each status that it reads or writes. @param memory Answers for statuses without a copy.
 */
function mirrored(store: Store, memory: MemoryStore['atOnce'] | null) {
  const { statuses } = store;
  const copies = new Map<string, ProviderStatus>();
  /** For each read under way, the ids that were written meanwhile. The read may bring older statuses for these ids. */
  const reads = new Set<Set<string>>();

  let isCopied = true;

  function set(id: string, status: ProviderStatus | null): void {
    for (const written of reads) written.add(id);
    if (status && isCopied) copies.set(id, status);
    else copies.delete(id);
    if (memory === null || copies.size <= COPIES_OF_MEMORY) return;
    isCopied = false;
    copies.clear();
  }

  async function read<T>(ask: () => Promise<T>, take: (found: T, isOld: (id: string) => boolean) => void): Promise<T> {
    const written = new Set<string>();
    reads.add(written);
    try {
      const found = await ask();
      reads.delete(written);
      take(found, (id) => written.has(id));
      return found;
    } finally {
      reads.delete(written);
    }
  }

  /** @param asked Ids that were read. Those missing in the list are gone from the store. */
  function takeAll(asked: Iterable<string>, list: StatusList, isOld: (id: string) => boolean): void {
    const stored = new Set([...list.statuses, ...list.unreadable].map(({ provider }) => provider));
    for (const id of asked) if (!stored.has(id) && !isOld(id)) set(id, null);
    for (const status of list.statuses) if (!isOld(status.provider)) set(status.provider, status);
  }

  const remembered: Store['statuses'] = {
    get: (id) =>
      read(
        () => statuses.get(id),
        (status, isOld) => isOld(id) || set(id, status),
      ),
    list: () =>
      read(
        () => statuses.list(),
        (list, isOld) => takeAll(copies.keys(), list, isOld),
      ),
    some: (ids) =>
      read(
        () => statuses.some(ids),
        (list, isOld) => takeAll(ids, list, isOld),
      ),
    async put(status, basedOn, notice) {
      const outcome = await statuses.put(status, basedOn, notice);
      if (outcome === 'stored') set(status.provider, status);
      return outcome;
    },
    listBrief: () => statuses.listBrief(),
    touch: () => statuses.touch(),
    touched: () => statuses.touched(),
    async delete(id, basedOn) {
      await statuses.delete(id, basedOn);
      if (basedOn === undefined || copies.get(id)?.version === basedOn) set(id, null);
    },
  };

  return {
    store: Object.assign(Object.create(store), { statuses: remembered }) as Store,
    status: (id: string) => copies.get(id) ?? memory?.status(id) ?? null,
    statuses: () => memory?.statuses() ?? [...copies.values()],
  };
}
