/** The storage of the embedded DynamoDB. */

import dynalite, { type DynaliteStore } from 'dynalite/db/index.js';

export interface Storage {
  readonly store: DynaliteStore;
  /** Resolves when earlier writes would survive a power failure. */
  sync(): Promise<void>;
  /** Whether a write failed, so that the storage must be reopened before the next write. */
  readonly mustReopen: boolean;
  /** Must be called while nothing uses the store. If it throws, the store can still be read. */
  reopen(): Promise<void>;
  /**
   * Turns an error of the storage into one for the operator; null for any other error. Also sets `mustReopen`, where
   * needed.
   *
   * @param error The error of a read, a write, `sync` or `reopen`.
   */
  failure(error: unknown): Error | null;
  close(): Promise<void>;
}

/** A new table is usable at once. */
export const NO_DELAY = { createTableMs: 0, deleteTableMs: 0 };

/** A storage in memory, lost with the process. */
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
