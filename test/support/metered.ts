/** A client that counts what a table is asked for, in requests, items and read units, as the table itself says. */

import type { DynamoClient } from '../../lib/store/dynamo/client.ts';

export interface Meter {
  requests: number;
  /** Items looked at. */
  items: number;
  /** Read units: half of one for each 4 kB of a read that is not consistent. */
  readUnits: number;
}

interface Metered {
  ScannedCount?: number;
  ConsumedCapacity?: { CapacityUnits?: number };
}

/** Counts the Queries and GetItems that are sent through `client`, which sends them as the one given does. */
export function meter(given: DynamoClient): { client: DynamoClient; reset(): void; read(): Meter } {
  let seen: Meter = { requests: 0, items: 0, readUnits: 0 };
  return {
    client: {
      ...given,
      async send<Output extends object>(operation: string, input: object): Promise<Output> {
        if (operation !== 'Query' && operation !== 'GetItem') return given.send(operation, input);
        const output = await given.send<Output & Metered>(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' });
        seen.requests += 1;
        seen.items += output.ScannedCount ?? 1;
        seen.readUnits += output.ConsumedCapacity?.CapacityUnits ?? 0;
        return output;
      },
    },
    reset() {
      seen = { requests: 0, items: 0, readUnits: 0 };
    },
    read: () => seen,
  };
}
