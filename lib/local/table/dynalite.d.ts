/** What is used of dynalite, which brings no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** How long a new table is `CREATING`. Default 500. */
    createTableMs?: number;
    /** How long a deleted table is `DELETING`. Default 500. */
    deleteTableMs?: number;
  }

  /** A DynamoDB in the process, its items in memory. It answers once it listens. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
