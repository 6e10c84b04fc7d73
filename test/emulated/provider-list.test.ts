/** The check function as it is deployed, on an emulated AWS, with a list of providers in S3 and in Parameter Store. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AwsV4Signer } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bundles, bundleFunctions, redeploy, startFunction } from '../support/bundle.ts';
import { scheduledEvent } from '../support/bundle-events.ts';
import { makeTable, type TestTable } from '../support/table.ts';
import { type Folder, hasPython, newFolder, startAws } from './tools.ts';

const HOUR_AGO = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const minute = (minutes: number) => new Date(HOUR_AGO + minutes * 60_000).toISOString();
const CREDENTIALS = { accessKeyId: 'emulated', secretAccessKey: 'emulated' };
const REGION = 'us-east-1';

describe.skipIf(!hasPython())('a list of providers on an emulated AWS', () => {
  let folder: Folder;
  let url: string;
  let table: TestTable;
  let server: Server;
  let ssm: SSMClient;

  beforeAll(async () => {
    folder = newFolder();
    url = await startAws(folder);
    table = await makeTable(url);
    ssm = new SSMClient({ endpoint: url, region: REGION, credentials: CREDENTIALS });
    const completion = { object: 'chat.completion', choices: [{ message: { content: 'ok' }, finish_reason: 'stop' }] };
    server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(completion));
    }).listen(0, '127.0.0.1');
  });

  afterAll(async () => {
    ssm?.destroy();
    server?.close();
    await table?.close();
    await folder?.remove();
  });

  const provider = (id: string) => ({
    id,
    type: 'openai-compatible',
    model: 'm',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
  });
  const listOf = (...ids: string[]) => JSON.stringify({ providers: ids.map(provider) });

  async function s3(path: string, body: string): Promise<void> {
    const signer = { method: 'PUT', url: `${url}/${path}`, body, service: 's3', region: REGION, ...CREDENTIALS };
    const { headers } = await new AwsV4Signer(signer).sign();
    const { status } = await fetch(`${url}/${path}`, { method: 'PUT', headers, body });
    expect(status).toBe(200);
  }

  async function parameter(_path: string, Value: string): Promise<void> {
    const Name = '/health/providers';
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
  }

  test.each([
    ['S3', 's3://my-bucket/health/providers.json', s3],
    ['Parameter Store', 'ssm:/health/providers', parameter],
  ])('is read from %s, and a wrong one changes nothing', async (_where, providerList, put) => {
    await table.empty();
    const bundles: Bundles = bundleFunctions({ providers: [], providerList });
    const start = () => {
      const local = redeploy(bundles.check, {
        config: { witnesses: [], providers: [provider('deployed')] },
        addressPolicy: 'private',
      });
      return startFunction(local, table.tableName, { AWS_ENDPOINT_URL: url, AWS_REGION: REGION });
    };
    try {
      await s3('my-bucket', '');
      const check = await start();
      const storedAt = async (minutes: number) =>
        ((await check.invoke(scheduledEvent(minute(minutes)))) as { stored: string[] }).stored.sort();
      expect(await storedAt(0)).toEqual(['deployed']);
      await put('my-bucket/health/providers.json', listOf('first', 'second'));
      expect(await storedAt(1)).toEqual(['first', 'second']);
      // Once more, unchanged.
      expect(await storedAt(2)).toEqual(['first', 'second']);
      await put('my-bucket/health/providers.json', '{"providers": [{"type": "opnai"}]}');
      expect(await storedAt(3)).toEqual(['first', 'second']);
      const lines = await check.stop();
      expect(lines.join()).toContain('RefusedProviderLists');
    } finally {
      bundles.remove();
    }
  });
});
