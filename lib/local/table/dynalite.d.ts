/**
 * Types for the used parts of dynalite, which has none. Each operation is also a module: `dynalite/actions/putItem.js`.
 */

declare module 'dynalite/db/index.js' {
  interface Options {
    /** Folder of a LevelDB, created if it does not exist. Absent: in memory. */
    path?: string;
    /** Milliseconds for which a new table is `CREATING`. Default 500. */
    createTableMs?: number;
    /** Milliseconds for which a deleted table is `DELETING`. Default 500. */
    deleteTableMs?: number;
  }

  interface Table {
    TableStatus?: 'CREATING' | 'ACTIVE' | 'DELETING';
  }

  export interface DynaliteStore {
    /** The tables by name. */
    tableDb: {
      get(name: string, answer: (error: Error | null, table?: Table) => void): void;
      put(name: string, table: Table, answer: (error: Error | null) => void): void;
    };
    db: {
      open(): Promise<void>;
      /** Waits for the operations under way. */
      close(): Promise<void>;
    };
  }

  const dynalite: { create(options: Options): DynaliteStore };
  export default dynalite;
}

declare module 'dynalite/validations/index.js' {
  type Json = Record<string, unknown>;

  const validations: {
    checkTypes(data: Json, types: unknown): Json;
    checkValidations(data: Json, types: unknown, custom: unknown, store: object): void;
  };
  export default validations;
}
