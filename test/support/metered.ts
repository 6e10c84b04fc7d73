/** Clients that count the requests to a table, the items and the units, by what the table itself reports. */

import type { DynamoClient } from '../../lib/store/dynamo/client.ts';

export interface Meter {
  requests: number;
  /** Items that the table read, before any filter. */
  items: number;
  /** Read units: half of one for each 4 kB of a read that is not consistent. */
  readUnits: number;
}

interface Metered {
  ScannedCount?: number;
  ConsumedCapacity?: { CapacityUnits?: number };
}

/** Counts the Queries and GetItems that are sent through `client`, which works as the given one. */
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

/** Counts the units of everything that is sent through `client`, which works as the given one. */
export function meterUnits(given: DynamoClient) {
  const units = { writes: 0, statuses: 0, others: 0 };
  return {
    client: {
      ...given,
      async send<Output extends object>(operation: string, input: object): Promise<Output> {
        const output = await given.send<Output & { ConsumedCapacity?: Capacity | Capacity[] }>(operation, {
          ...input,
          ...(operation !== 'CreateTable' && { ReturnConsumedCapacity: 'TOTAL' }),
        });
        const [isRead, ofStatuses] = [
          /^(Query|GetItem|BatchGetItem)$/.test(operation),
          JSON.stringify(input).includes('"STATUS"'),
        ];
        const kind = isRead ? (ofStatuses ? 'statuses' : 'others') : 'writes';
        for (const { CapacityUnits = 0 } of [output.ConsumedCapacity ?? []].flat()) units[kind] += CapacityUnits;
        return output;
      },
    } satisfies DynamoClient,
    read: () => ({ ...units }),
  };
}

interface Capacity {
  CapacityUnits?: number;
}
