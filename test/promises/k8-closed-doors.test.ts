import { once } from 'node:events';
import { type AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalMonitor, startLocalMonitor } from '../../lib/local/monitor.ts';
import { behaviours } from '../../lib/local/simulator/behaviours.ts';
import { seededRandom } from '../../lib/local/simulator/random.ts';
import { FakeClock } from '../support/clock.ts';
import { type RawRequest, sendRaw } from '../support/raw-request.ts';

let monitor: LocalMonitor;
let ports: number[];

beforeAll(async () => {
  const before = new Set(listening());
  monitor = await startLocalMonitor(
    {
      configFile: null,
      port: 0,
      host: '127.0.0.1',
      tickSeconds: null,
      dynamodbEndpoint: null,
      tableName: 'provider-health',
    },
    { lines: { out() {}, err() {}, colour: false }, clock: new FakeClock(), random: seededRandom(1) },
  );
  ports = listening().filter((port) => !before.has(port));
  for (const { id } of monitor.simulator?.providers ?? []) monitor.simulator?.set(id, behaviours.fast(5));
  await once(monitor.checker, 'tick');
});
afterAll(() => monitor.stop());

/** Every TCP port on which this process listens, whoever opened it. */
function listening(): number[] {
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles(): unknown[] };
  return handles
    .call(process)
    .filter((handle) => handle instanceof Server && handle.listening)
    .map((server) => ((server as Server).address() as AddressInfo).port);
}

const apiPort = () => Number(new URL(monitor.url).port);
const tablePort = () => Number(new URL(monitor.dynamodbEndpoint).port);
const simulatorPort = () => Number(new URL(monitor.simulator?.providers[0]?.baseUrl ?? '').port);

/** As DynamoDB's protocol has it, signed with a key that a stranger makes up. */
function operation(name: string, body: unknown, headers: Record<string, string> = {}): RawRequest {
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${name}`,
      'x-amz-date': '20260301T100000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}

const READ_STATUSES = {
  TableName: 'provider-health',
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: 'STATUS' } },
};
const WRITE_PROVIDER = {
  TableName: 'provider-health',
  Item: { pk: { S: 'PROVIDER' }, sk: { S: 'stolen' }, baseUrl: { S: 'https://evil.example' } },
};

/** What a browser puts on the requests of a page that is not the monitor's own. */
const STRANGE_PAGES: [string, Record<string, string>][] = [
  ['a page of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['a page of another port of this machine', { origin: 'http://127.0.0.1:5173', 'sec-fetch-site': 'same-site' }],
  ['a page of localhost', { origin: 'http://localhost:4000', 'sec-fetch-site': 'cross-site' }],
  ['a sandboxed page or a file', { origin: 'null' }],
  [
    'an image of another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
  ],
  [
    'a frame in another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ],
  ['a name that was rebound to this machine', { host: 'evil.example', origin: 'http://evil.example' }],
  ['a rebound name that sends no origin', { host: 'evil.example:3000' }],
];

describe('K8: what the local monitor opens', () => {
  it('is the API, the table and the simulated providers, each on 127.0.0.1', () => {
    expect(ports.toSorted()).toEqual([apiPort(), tablePort(), simulatorPort()].toSorted());
  });

  describe.each(STRANGE_PAGES)('%s', (_page, headers) => {
    it.each([
      ['reads', { path: '/v1/summary' }],
      ['asks with a preflight', { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }],
      ['starts a check', { method: 'POST', path: '/v1/check' }],
      ['registers a provider', { method: 'PUT', path: '/v1/providers/stolen', body: '{}' }],
      ['deletes one', { method: 'DELETE', path: '/v1/providers/openai' }],
      ['reads the table', operation('Query', READ_STATUSES)],
      ['writes to the table', operation('PutItem', WRITE_PROVIDER)],
    ] as [string, RawRequest][])('is refused by every port when it %s', async (_what, sent) => {
      for (const port of ports) {
        const got = await sendRaw(port, { ...sent, headers: { ...sent.headers, ...headers } });
        expect(`${port} ${got.status}`).toBe(`${port} 403`);
        expect(Object.keys(got.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
        expect(got.body).not.toContain('openai');
      }
    });
  });
});

describe('K8: the table of the local monitor', () => {
  it.each([
    ['reads', 'Query', READ_STATUSES],
    ['writes', 'PutItem', WRITE_PROVIDER],
    ['drops the table', 'DeleteTable', { TableName: 'provider-health' }],
  ])('gives nothing to a program without the secret that %s', async (_what, name, body) => {
    const got = await sendRaw(tablePort(), operation(name, body));
    expect(got.status).toBeGreaterThanOrEqual(400);
    expect(got.body).not.toContain('openai');
    expect((await fetch(`${monitor.url}/v1/providers/openai`)).status).toBe(200);
  });
});

describe('K8: the API of the local monitor', () => {
  const own = () => ({ origin: monitor.url, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' });

  it.each([
    ['its own page', own],
    ['a program', () => ({})],
  ])('lets %s read and start checks', async (_who, headers) => {
    expect((await sendRaw(apiPort(), { path: '/v1/summary', headers: headers() })).status).toBe(200);
    const path = `/v1/providers/${_who === 'a program' ? 'claude' : 'gemini'}/check`;
    expect((await sendRaw(apiPort(), { method: 'POST', path, headers: headers() })).status).toBe(200);
  });

  it('opens for a link from another site, which cannot read what it opened', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await sendRaw(apiPort(), { headers: link })).status).toBe(200);
    expect((await sendRaw(apiPort(), { method: 'POST', path: '/v1/check', headers: link })).status).toBe(403);
  });
});
