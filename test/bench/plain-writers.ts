/** How a plain client writes its results to a table with the AWS SDK, as the SDK's documentation shows it. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { checkItem } from '../../lib/store/items/check-item.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { goodCheck, healthyStatus } from '../support/builders.ts';
import { idOf } from './client.ts';
import type { TableAddress } from './protocol.ts';

const BATCH_SIZE = 25;
/** The product packs the checks of this many providers into one item. */
const PACKED = 20;

type Item = Record<string, unknown>;

/** Keeps what was measured of a provider, by number, as soon as it is known. */
export interface Writer {
  put(index: number, responseTimeMs: number): Promise<unknown>;
  /** Writes what is left at the end of a tick. */
  flush(): Promise<unknown>;
}

export const NOWHERE: Writer = { put: async () => {}, flush: async () => {} };

/** A PutItem for each status as soon as it is known, and an item for each check, in batches. */
export function itemByItem({ endpoint, tableName }: TableAddress): Writer {
  const documents = documentsAt(endpoint);
  let checks: Item[] = [];
  const writeChecks = async () => {
    const items = checks;
    checks = [];
    await writeBatch(documents, tableName, items);
  };
  return {
    async put(index, responseTimeMs) {
      const { check, status } = itemsOf(index, responseTimeMs);
      checks.push(check);
      const full = checks.length >= BATCH_SIZE ? writeChecks() : undefined;
      await documents.send(new PutCommand({ TableName: tableName, Item: status }));
      await full;
    },
    flush: writeChecks,
  };
}

/**
 * The cheapest way: after all probes, everything in batches, without conditions. As many items as the product writes: the
 * statuses, and one item for the checks of 20 providers.
 */
export function inBatches({ endpoint, tableName }: TableAddress): Writer {
  const documents = documentsAt(endpoint);
  let items: Item[] = [];
  return {
    async put(index, responseTimeMs) {
      const { check, status } = itemsOf(index, responseTimeMs);
      items.push(status);
      if (index % PACKED === 0) items.push(check);
    },
    async flush() {
      const all = items;
      items = [];
      for (let first = 0; first < all.length; first += BATCH_SIZE) {
        await writeBatch(documents, tableName, all.slice(first, first + BATCH_SIZE));
      }
    },
  };
}

function documentsAt(endpoint: string): DynamoDBDocumentClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sdk = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  return DynamoDBDocumentClient.from(sdk, { marshallOptions: { removeUndefinedValues: true } });
}

/** @param items At most 25. */
async function writeBatch(documents: DynamoDBDocumentClient, tableName: string, items: readonly Item[]): Promise<void> {
  if (items.length === 0) return;
  const requests = items.map((Item) => ({ PutRequest: { Item } }));
  await documents.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }));
}

function itemsOf(index: number, measuredMs: number): { check: Item; status: Item } {
  const provider = idOf(index);
  const fields = { timestamp: new Date().toISOString(), responseTimeMs: Math.round(measuredMs) };
  return {
    check: { ...checkItem(goodCheck({ ...fields, provider })) },
    status: { ...statusItem(healthyStatus({ id: provider }, fields), null, 'bench') },
  };
}
