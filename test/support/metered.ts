/** A client that counts what a table is asked for, in requests, items and read units, as the table itself says. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface Meter {
  requests: number;
  /** Items looked at. */
  items: number;
  /** Read units: half of one for each 4 kB of a read that is not consistent. */
  readUnits: number;
}

interface Metered {
  Count?: number;
  ScannedCount?: number;
  ConsumedCapacity?: { CapacityUnits?: number };
}

/** Counts from now on, in the client's Queries and GetItems. */
export function meter(client: DynamoDBClient): { reset(): void; read(): Meter } {
  let seen: Meter = { requests: 0, items: 0, readUnits: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as Record<string, unknown>;
      if (!('KeyConditionExpression' in input) && !isGet(input)) return next(args);
      const result = await next({ ...args, input: { ...input, ReturnConsumedCapacity: 'TOTAL' } as never });
      const output = result.output as Metered;
      seen.requests += 1;
      seen.items += output.ScannedCount ?? 1;
      seen.readUnits += output.ConsumedCapacity?.CapacityUnits ?? 0;
      return result;
    },
    { step: 'initialize', name: 'meter' },
  );
  return {
    reset() {
      seen = { requests: 0, items: 0, readUnits: 0 };
    },
    read: () => seen,
  };
}

function isGet(input: Record<string, unknown>): boolean {
  return 'Key' in input && 'ConsistentRead' in input;
}
