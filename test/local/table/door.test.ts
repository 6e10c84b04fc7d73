import { once } from 'node:events';
import { connect } from 'node:net';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { AwsV4Signer } from 'aws4fetch';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Door } from '../../../lib/local/door.ts';
import { randomCredentials, type TableCredentials } from '../../../lib/local/table/credentials.ts';
import { openTableDoor } from '../../../lib/local/table/door.ts';
import { type EmbeddedTable, startEmbeddedTable } from '../../../lib/local/table/embedded.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import { healthyStatus } from '../../support/builders.ts';
import { type RawAnswer, type RawRequest, sendRaw } from '../../support/raw-request.ts';

const TableName = 'provider-health';
const ITEM = { pk: { S: 'a' }, sk: { S: 'b' }, text: { S: 'ä "quoted"  twice  spaced' } };

let table: EmbeddedTable;
let door: Door;
let credentials: TableCredentials;
let clients: DynamoDBClient[];

beforeEach(async () => {
  table = await startEmbeddedTable(TableName);
  credentials = randomCredentials();
  door = await openTableDoor(table, credentials);
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  const drained = door.drain();
  door.cut();
  await drained;
  await table.close();
});

/** A program of this machine. */
function program(key: TableCredentials = credentials, region = 'us-east-1'): DynamoDBClient {
  const client = new DynamoDBClient({ endpoint: door.url, region, credentials: key, maxAttempts: 1 });
  clients.push(client);
  return client;
}

const send = (raw: RawRequest): Promise<RawAnswer> => sendRaw(Number(new URL(door.url).port), raw);

const operationHeaders = (operation: string) => ({
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': `DynamoDB_20120810.${operation}`,
});

/** A request as a program with the key sends it. */
async function signed(operation: string, body: string, key: TableCredentials = credentials) {
  const url = `${door.url}/`;
  const headers = operationHeaders(operation);
  const signer = new AwsV4Signer({
    url,
    method: 'POST',
    headers,
    body,
    ...key,
    service: 'dynamodb',
    region: 'eu-west-1',
  });
  const signedHeaders = Object.fromEntries((await signer.sign()).headers);
  return { method: 'POST', headers: signedHeaders, body };
}

const GET = JSON.stringify({ TableName, Key: { pk: ITEM.pk, sk: ITEM.sk } });

describe('the port of the embedded table', () => {
  it('serves a program that has the key, in any region', async () => {
    await program().send(new PutItemCommand({ TableName, Item: ITEM }));
    const Key = { pk: ITEM.pk, sk: ITEM.sk };
    const { Item } = await program(credentials, 'eu-central-1').send(new GetItemCommand({ TableName, Key }));
    expect(Item).toEqual(ITEM);
    expect((await send(await signed('GetItem', GET))).body).toContain('quoted');
  });

  it('serves the store as a table elsewhere would', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
    const store = createDynamoStore({ tableName: TableName, endpoint: door.url });
    await store.verify();
    expect(await store.statuses.put(healthyStatus(), null, null)).toBe('stored');
    expect(await store.statuses.put(healthyStatus(), null, null)).toBe('conflict');
    expect((await store.statuses.list()).statuses).toHaveLength(1);
    store.close();
    vi.unstubAllEnvs();
  });

  it.each([
    ['another secret', () => ({ ...credentials, secretAccessKey: 'guessed' })],
    ['another key', () => randomCredentials()],
    ['the key that is usual for DynamoDB Local', () => ({ accessKeyId: 'local', secretAccessKey: 'local' })],
  ])('gives nothing to a program with %s, and says what to set', async (_what, key) => {
    await program().send(new PutItemCommand({ TableName, Item: ITEM }));
    const KeyConditionExpression = 'pk = :pk';
    const query = { TableName, KeyConditionExpression, ExpressionAttributeValues: { ':pk': ITEM.pk } };
    await expect(program(key()).send(new QueryCommand(query))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: expect.stringContaining('AWS_SHARED_CREDENTIALS_FILE'),
    });
  });

  it.each<[string, (request: Awaited<ReturnType<typeof signed>>) => RawRequest]>([
    ['the body', (request) => ({ ...request, body: GET.replace('"a"', '"c"') })],
    [
      'the operation',
      ({ headers, ...request }) => ({
        ...request,
        headers: { ...headers, 'x-amz-target': 'DynamoDB_20120810.DeleteItem' },
      }),
    ],
    [
      'the date',
      ({ headers, ...request }) => ({ ...request, headers: { ...headers, 'x-amz-date': '20300101T000000Z' } }),
    ],
    ['the host', ({ headers, ...request }) => ({ ...request, headers: { ...headers, host: 'localhost:1' } })],
    [
      'one digit of the signature',
      ({ headers, ...request }) => ({
        ...request,
        headers: {
          ...headers,
          authorization: headers.authorization?.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) ?? '',
        },
      }),
    ],
    [
      'which headers are signed',
      ({ headers, ...request }) => ({
        ...request,
        headers: {
          ...headers,
          authorization: headers.authorization?.replace(/SignedHeaders=[^,]+/, 'SignedHeaders=host') ?? '',
        },
      }),
    ],
    ['the scheme', ({ headers, ...request }) => ({ ...request, headers: { ...headers, authorization: 'Bearer x' } })],
    [
      'the signature, to none,',
      ({ headers: { authorization, ...headers }, ...request }) => ({
        ...request,
        headers,
      }),
    ],
  ])('refuses a request in which %s was changed', async (_what, change) => {
    await program().send(new PutItemCommand({ TableName, Item: ITEM }));
    const got = await send(change(await signed('GetItem', GET)));
    expect(got.status).toBe(400);
    expect(JSON.parse(got.body).__type).toMatch(/#UnrecognizedClientException$/);
    expect(await kept()).toBe(true);
  });

  it('refuses a signature that leaves the operation open', async () => {
    const url = `${door.url}/`;
    const signer = new AwsV4Signer({ url, method: 'POST', body: GET, ...credentials, service: 'dynamodb' });
    const headers = { ...Object.fromEntries((await signer.sign()).headers), ...operationHeaders('DeleteItem') };
    await program().send(new PutItemCommand({ TableName, Item: ITEM }));
    expect((await send({ method: 'POST', headers, body: GET })).status).toBe(400);
    expect(await kept()).toBe(true);
  });

  it('takes no hash for the body that is not the body’s', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-target': 'DynamoDB_20120810.GetItem' };
    const url = `${door.url}/`;
    const signer = new AwsV4Signer({ url, method: 'POST', headers, body: GET, ...credentials, service: 'dynamodb' });
    const request = { method: 'POST', headers: Object.fromEntries((await signer.sign()).headers), body: GET };
    expect((await send(request)).status).toBe(400);
  });

  it.each([
    [
      'CreateTable',
      new CreateTableCommand({
        TableName: 'another',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    ],
    ['DeleteTable', new DeleteTableCommand({ TableName })],
    [
      'UpdateTable',
      new UpdateTableCommand({
        TableName,
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      }),
    ],
  ])('leaves the table alone: %s is refused even with the key', async (operation, command) => {
    await expect(program().send(command as DeleteTableCommand)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`got "${operation}"`),
    });
    const { Table } = await program().send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({ TableStatus: 'ACTIVE', BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
  });

  it.each(['null', '', '{', '[]', '{"TableName":', '1e999'])(
    'outlives the body %j from a caller with the key',
    async (body) => {
      for (const operation of ['CreateTable', 'PutItem', 'GetItem', 'Query', 'BatchWriteItem']) {
        expect((await send(await signed(operation, body))).status, operation).toBeGreaterThanOrEqual(400);
      }
      expect((await send(await signed('ListTables', '{}'))).status).toBe(200);
    },
  );

  it('reads 1 MiB at most, and nothing of a caller that does not name the key', async () => {
    const long = JSON.stringify({ TableName, Item: { ...ITEM, text: { S: 'x'.repeat(1024 * 1024) } } });
    const got = await send(await signed('PutItem', long));
    expect(got.status).toBe(413);
    expect(JSON.parse(got.body).message).toBe('body: expected at most 1048576 bytes, got more.');

    // Without its length it is read until it is too long.
    const { headers, ...request } = await signed('PutItem', long);
    expect((await send({ ...request, headers: { ...headers, 'transfer-encoding': 'chunked' } })).status).toBe(413);
    expect(await kept()).toBe(false);

    const { headers: ofStranger } = await signed('PutItem', long, randomCredentials());
    for (const authorization of ['', ofStranger.authorization]) {
      const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
      const head = ['POST / HTTP/1.1', 'Host: localhost', `Authorization: ${authorization}`, 'Content-Length: 1000'];
      socket.write(`${head.join('\r\n')}\r\n\r\n{`);
      const [answer] = await once(socket, 'data');
      expect(String(answer)).toMatch(/^HTTP\/1.1 400 /);
      socket.destroy();
    }
  });

  it('answers nothing else: no health page, no CORS', async () => {
    const got = await send({ method: 'GET' });
    expect(got.status).toBe(404);
    expect(got.body).not.toContain('healthy');
    expect((await send({ ...(await signed('GetItem', GET)), path: '/?X-Amz-Algorithm=x' })).status).toBe(404);
  });

  it('outlives a caller that hangs up within a request', async () => {
    const { headers } = await signed('GetItem', GET);
    const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const lines = Object.entries({ host: new URL(door.url).host, ...headers, 'content-length': '100' });
    const head = `POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{"TableName":`;
    await new Promise<void>((resolve) => socket.write(head, () => resolve()));
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect((await send(await signed('ListTables', '{}'))).status).toBe(200);
  });
});

async function kept(): Promise<boolean> {
  const Key = { pk: ITEM.pk, sk: ITEM.sk };
  return 'Item' in (await table.client.send('GetItem', { TableName, Key }));
}
