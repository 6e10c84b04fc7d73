/** Where the embedded DynamoDB keeps its items. */

import dynalite, { type DynaliteStore } from 'dynalite/db/index.js';

export interface Storage {
  readonly store: DynaliteStore;
  /** Resolves when what was written before would also outlive a power failure. */
  sync(): Promise<void>;
  /** Whether a write failed, so that it must be opened again before the next one. */
  readonly mustReopen: boolean;
  /** Call it while nothing uses the store. Where it throws, the store may still be read. */
  reopen(): Promise<void>;
  /**
   * An error of the storage in words for the operator; null for any other error. Also notes that it happened.
   *
   * @param error What a read, a write, `sync` or `reopen` threw.
   */
  failure(error: unknown): Error | null;
  close(): Promise<void>;
}

/** A table is usable at once: there is no distant service that has to make it. */
export const NO_DELAY = { createTableMs: 0, deleteTableMs: 0 };

/** Gone with the process. */
export function memoryStorage(): Storage {
  const store = dynalite.create(NO_DELAY);
  return {
    store,
    sync: async () => {},
    mustReopen: false,
    reopen: async () => {},
    failure: () => null,
    close: () => store.db.close(),
  };
}
