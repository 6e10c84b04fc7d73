/** Stores that wrap another store and do something before or after its calls. */

import type { ProviderStatus } from '../../../lib/health/status.ts';
import type { MemoryStore } from '../../../lib/store/memory/store.ts';
import type { Store } from '../../../lib/store/store.ts';

export type Around = (name: string, parameters: readonly unknown[], call: () => Promise<unknown>) => Promise<unknown>;

/** The store with `around` in place of each of its calls, named as in `statuses.put`. */
export function eachCall(store: Store, around: Around): Store {
  const wrap = <T extends object>(target: T, prefix: string): T =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key);
        const name = `${prefix}${String(key)}`;
        if (typeof value === 'object' && value !== null) return wrap(value, `${name}.`);
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]) =>
          around(name, parameters, async () => Reflect.apply(value, object, parameters));
      },
    });
  return wrap(store, '');
}

/** A status as the table stored it. */
export interface Written {
  status: ProviderStatus;
  basedOn: number | null;
}

/**
 * The store, which also keeps a list of each status that it stores. Like a table, it returns no status at once, so
 * ticks use their copies.
 */
export function recording({ atOnce: _, ...store }: MemoryStore, written: Written[]): Store {
  return {
    ...store,
    statuses: {
      ...store.statuses,
      async put(status, basedOn, notice) {
        const result = await store.statuses.put(status, basedOn, notice);
        if (result === 'stored') written.push({ status, basedOn });
        return result;
      },
    },
  };
}
