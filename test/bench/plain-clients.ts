/** The contenders that most programs would write: every provider at once, a clock around the `await`. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { Agent, request } from 'undici';
import { checkItem } from '../../lib/store/items/check-item.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { goodCheck, healthyStatus } from '../support/builders.ts';
import { CA, idOf, type Tick, urlOf } from './client.ts';
import type { TableAddress } from './protocol.ts';

const TIMEOUT_MS = 10_000;
const BATCH_SIZE = 25;
const BODY = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'Reply with: ok' }], max_tokens: 1 });
const REQUEST = { method: 'POST', headers: { 'content-type': 'application/json' }, body: BODY } as const;

type Ask = (url: string) => Promise<unknown>;

/** Keeps what was measured of a provider, by number, as soon as it is known. */
interface Writer {
  put(index: number, responseTimeMs: number): Promise<unknown>;
  /** Writes what is left at the end of a tick. */
  flush(): Promise<unknown>;
}

const NOWHERE: Writer = { put: async () => {}, flush: async () => {} };

export function fetchTick(ports: readonly number[]): Tick {
  return plainTick(ports, async (url) => (await fetch(url, { ...REQUEST, signal: timeout() })).json(), NOWHERE);
}

export function undiciTick(ports: readonly number[], table: TableAddress | null): Tick {
  const dispatcher = new Agent({ connect: { ca: CA } });
  const ask: Ask = async (url) => (await request(url, { ...REQUEST, dispatcher, signal: timeout() })).body.json();
  return plainTick(ports, ask, table ? tableWriter(table) : NOWHERE);
}

function timeout(): AbortSignal {
  return AbortSignal.timeout(TIMEOUT_MS);
}

function plainTick(ports: readonly number[], ask: Ask, writer: Writer): Tick {
  return async () => {
    const measuredMs = await Promise.all(
      ports.map(async (port, index) => {
        const startedAt = performance.now();
        try {
          await ask(urlOf(port));
        } catch {
          return null;
        }
        const measured = performance.now() - startedAt;
        await writer.put(index, measured);
        return measured;
      }),
    );
    await writer.flush();
    return { measuredMs, uncertain: measuredMs.map(() => false) };
  };
}

/** With the AWS SDK, as its documentation shows it: a PutItem for each status, the checks in batches. */
function tableWriter({ endpoint, tableName }: TableAddress): Writer {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sdk = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const documents = DynamoDBDocumentClient.from(sdk, { marshallOptions: { removeUndefinedValues: true } });
  let checks: Record<string, unknown>[] = [];
  async function writeChecks(): Promise<void> {
    const requests = checks.map((Item) => ({ PutRequest: { Item } }));
    checks = [];
    if (requests.length > 0) await documents.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }));
  }
  return {
    async put(index, measured) {
      const provider = idOf(index);
      const fields = { timestamp: new Date().toISOString(), responseTimeMs: Math.round(measured) };
      checks.push({ ...checkItem(goodCheck({ ...fields, provider })) });
      const full = checks.length >= BATCH_SIZE ? writeChecks() : undefined;
      const status = { ...statusItem(healthyStatus({ id: provider }, fields), null, 'bench') };
      await documents.send(new PutCommand({ TableName: tableName, Item: status }));
      await full;
    },
    flush: writeChecks,
  };
}
