/**
 * The table in this process, for `npm start` and for tests. It has no port, no expiry and no stream: door.ts opens a
 * port, expiry.ts drops expired items, and the checker passes notices on itself.
 */

import { promisify } from 'node:util';
import type { DynaliteStore } from 'dynalite/db/index.js';
import { type DynamoClient, DynamoError, outputOf } from '../../store/dynamo/client.ts';
import { createTable } from '../../store/dynamo/create-table.ts';
import { API_VERSION } from '../../store/dynamo/protocol.ts';
import { type EmbeddedDynamo, startDynamo } from './dynamo.ts';
import { memoryStorage, type Storage } from './storage.ts';

export interface EmbeddedTable {
  tableName: string;
  /** The DynamoDB of the table, for clients in this process. */
  dynamo: Pick<EmbeddedDynamo, 'ask'>;
  /** A client with all rights. It is closed with the table. */
  client: DynamoClient;
  /** Resolves when every request is answered, and the storage is closed. */
  close(): Promise<void>;
}

/** @param storage Closed with the table. Default: in memory. */
export async function startEmbeddedTable(
  tableName = 'provider-health',
  storage: Storage = memoryStorage(),
): Promise<EmbeddedTable> {
  const dynamo = startDynamo(storage);
  const client = clientOf(dynamo);
  try {
    await finishTable(storage.store, tableName);
    await createTable(client, tableName).catch((error: unknown) => {
      // The table of an earlier process exists.
      if (!(error instanceof DynamoError && error.name === 'ResourceInUseException')) throw error;
    });
  } catch (error) {
    await dynamo.close();
    throw error;
  }
  return { tableName, dynamo, client, close: () => dynamo.close() };
}

/**
 * Completes a table that a killed process left in the status `CREATING`: dynalite ends that status only in the same
 * process.
 */
async function finishTable({ tableDb }: DynaliteStore, tableName: string): Promise<void> {
  const table = await promisify(tableDb.get)(tableName);
  if (table?.TableStatus === 'CREATING') await promisify(tableDb.put)(tableName, { ...table, TableStatus: 'ACTIVE' });
}

function clientOf(dynamo: EmbeddedDynamo): DynamoClient {
  return {
    async send<Output extends object>(operation: string, input: object): Promise<Output> {
      const { statusCode, body } = await dynamo.ask(`${API_VERSION}.${operation}`, JSON.stringify(input));
      return outputOf(statusCode, body) as Output;
    },
    place: async () => 'in this process',
    destroy() {},
  };
}
