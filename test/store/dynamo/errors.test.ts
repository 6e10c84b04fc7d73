/** A table that cannot be used, for each reason: the code, and the message. */

import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type DynamoClient, DynamoError } from '../../../lib/store/dynamo/client.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import { type Store, StoreError } from '../../../lib/store/store.ts';
import { goodCheck, healthyStatus, START } from '../../support/builders.ts';
import { CLOSED } from '../../support/servers/closed.ts';
import { startTable, type TestTable } from '../../support/table.ts';
import { answer, type Fault, type FaultyTable, neverAnswer, refuse, startFaultyTable } from './faulty-table.ts';

let table: TestTable;
let proxy: FaultyTable;
let client: DynamoClient;
let store: Store;

const ARN = 'arn:aws:dynamodb:eu-central-1:123456789012:table/provider-health-test';

beforeAll(async () => {
  table = await startTable();
  proxy = await startFaultyTable(table.endpoint);
  client = createClient({ endpoint: proxy.endpoint, sleep: async () => {} });
  store = createDynamoStore({ tableName: table.tableName, client });
});

beforeEach(() => proxy.reset());

afterAll(async () => {
  client.destroy();
  await proxy.close();
  await table.close();
});

async function errorOf(promise: Promise<unknown>): Promise<StoreError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof StoreError) return error;
  throw new Error(`expected a StoreError, got ${error}`, { cause: error });
}

const OPERATIONS: readonly [string, string, (store: Store) => Promise<unknown>][] = [
  ['reading a status', 'GetItem', (store) => store.statuses.get('alpha')],
  ['listing statuses', 'Query', (store) => store.statuses.list()],
  ['writing a status', 'PutItem', (store) => store.statuses.put(healthyStatus(), null, null)],
  ['deleting a status', 'DeleteItem', (store) => store.statuses.delete('alpha')],
  ['listing registrations', 'Query', (store) => store.registrations.list()],
  ['a page of checks', 'Query', (store) => store.checks.page('alpha', { from: START, to: START, limit: 1 })],
  [
    'claiming a tick',
    'UpdateItem',
    (store) => store.ticks.claim({ shard: '0', tick: START, owner: 'a', now: new Date(START), leaseMs: 1 }),
  ],
  [
    'a manual check',
    'GetItem',
    (store) => store.manualChecks.claim('alpha', new Date(START), { perProviderSeconds: 10, perHour: 60 }),
  ],
  ['verifying', 'DescribeTable', (store) => store.verify()],
];

const FAULTS: readonly [string, StoreError['code'], Fault, RegExp][] = [
  [
    'denied',
    'denied',
    refuse('AccessDeniedException', 400, `User may not do this on resource: ${ARN}`),
    /AccessDenied/,
  ],
  ['refused for a wrong key', 'denied', refuse('UnrecognizedClientException'), /UnrecognizedClient/],
  ['refused for a clock that is wrong', 'denied', refuse('InvalidSignatureException'), /InvalidSignature/],
  ['refused for an old session', 'denied', refuse('ExpiredTokenException'), /ExpiredToken/],
  ['throttled', 'throttled', refuse('ThrottlingException'), /Throttling/],
  ['over its capacity', 'throttled', refuse('ProvisionedThroughputExceededException'), /ProvisionedThroughput/],
  ['over the account’s limit', 'throttled', refuse('RequestLimitExceeded'), /RequestLimitExceeded/],
  ['missing', 'missing', refuse('ResourceNotFoundException', 400, `not found: ${ARN}`), /ResourceNotFound/],
  ['failing inside', 'unreachable', refuse('InternalServerError', 500), /InternalServerError/],
  ['down', 'unreachable', answer(503, ''), /HTTP 503/],
  ['behind a gateway that answers HTML', 'unreachable', answer(502, '<html>Bad Gateway</html>'), /HTTP 502/],
  ['not DynamoDB but some web server', 'unreachable', answer(404, '<html>Not Found</html>'), /HTTP 404/],
  ['not DynamoDB though it says OK', 'unreachable', answer(200, '<html>Welcome</html>'), /SyntaxError/],
  ['hanging up', 'unreachable', (call) => call.hangUp(), /ECONNRESET/],
];

describe('a table that cannot be used', () => {
  it.each(FAULTS)('is refused with a reason when it is %s: %s', async (_, code, fault, got) => {
    for (const [, operation, use] of OPERATIONS) {
      proxy.failAlways(operation, fault);
      const error = await errorOf(use(store));
      expect(error.code).toBe(code);
      expect(error.message).toMatch(got);
      expect(error.message).toContain(`expected an answer to ${operation}`);
      expect(error.message).toContain(`DynamoDB table ${table.tableName} at ${proxy.endpoint}:`);
      expect(error.message).not.toContain('arn:');
      expect(error.cause).toBeInstanceOf(Error);
    }
  });

  it('says what to do about it', async () => {
    proxy.failAlways('DescribeTable', refuse('ResourceNotFoundException'));
    const { message } = await errorOf(store.verify());
    expect(message).toBe(
      `DynamoDB table ${table.tableName} at ${proxy.endpoint}: expected an answer to DescribeTable, got ` +
        'ResourceNotFoundException. Deploy the stack, or set the name of its table (output TableName) and its region.',
    );
  });

  it('is unreachable when nothing listens there', async () => {
    const nowhere = createDynamoStore({ tableName: 'some-table', endpoint: `http://${CLOSED}` });
    const error = await errorOf(nowhere.statuses.list());
    nowhere.close();
    expect(error.code).toBe('unreachable');
    expect(error.message).toMatch(
      /^DynamoDB table some-table at http:\/\/127\.0\.0\.1:\d+: expected an answer to Query, got ECONNREFUSED\./,
    );
  });

  it('is unreachable when it never answers', async () => {
    proxy.failAlways('Query', neverAnswer);
    const impatient = createDynamoStore({
      tableName: table.tableName,
      endpoint: proxy.endpoint,
      requestTimeoutMs: 20,
    });
    const error = await errorOf(impatient.statuses.list());
    impatient.close();
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('got ETIMEDOUT') });
    expect(proxy.operations).toHaveLength(3);
  });

  it('names the region where there is no endpoint', async () => {
    // There is no network to the real DynamoDB here.
    const send = () => Promise.reject(new DynamoError('AccessDeniedException', 400, `not on ${ARN}`));
    const regional = { ...createClient({ region: 'eu-central-1' }), send };
    const error = await errorOf(createDynamoStore({ tableName: 'some-table', client: regional }).statuses.list());
    regional.destroy();
    expect(error.message).toMatch(/^DynamoDB table some-table in eu-central-1: expected an answer to Query/);
  });

  it('lets a bug of ours show as itself', async () => {
    const nonsense = { ...goodCheck(), responseTimeMs: Number.NaN };
    await expect(store.checks.put([nonsense])).rejects.not.toBeInstanceOf(StoreError);
  });

  it.each([
    ['no sort key', [{ AttributeName: 'pk', KeyType: 'HASH' as const }], 'pk (HASH S)'],
    [
      'other keys',
      [
        { AttributeName: 'id', KeyType: 'HASH' as const },
        { AttributeName: 'at', KeyType: 'RANGE' as const },
      ],
      'id (HASH S) and at (RANGE S)',
    ],
  ])('is not ours when it has %s', async (name, KeySchema, got) => {
    const TableName = name.replaceAll(' ', '-');
    const AttributeDefinitions = KeySchema.map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' as const }));
    const definition = { TableName, KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' as const };
    await table.sdk.send(new CreateTableCommand(definition));
    const statusOf = async () => (await table.sdk.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
    while ((await statusOf()) !== 'ACTIVE');
    const theirs = createDynamoStore({ tableName: TableName, client: table.client });
    const error = await errorOf(theirs.verify());
    expect(error.code).toBe('not_ours');
    expect(error.message).toContain(
      `expected the keys pk (HASH S) and sk (RANGE S), got ${got}. Set the name of the table`,
    );
    expect((await errorOf(theirs.statuses.get('alpha'))).code).toBe('not_ours');
  });

  it('is ours when its keys are', async () => {
    await expect(store.verify()).resolves.toBeUndefined();
  });
});
