/**
 * The whole way of a deployment, by the CDK command line as its users run it, on an emulated AWS: bootstrap, deploy,
 * change, destroy. Stand-ins (aws-server.py) replace the parts that the emulator does not have; they are listed below,
 * so that nobody takes them for tested.
 */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Folder, hasPython, newFolder, ROOT, startAws } from './tools.ts';

/** The emulator does not make these types; they are not tested. */
const STAND_INS = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
];

const ACCOUNT = 'aws://123456789012/us-east-1';

describe.skipIf(!hasPython())('on an emulated AWS', () => {
  let folder: Folder;
  let url: string;
  let table: DynamoDBClient;

  beforeAll(async () => {
    folder = newFolder();
    url = await startAws(folder);
    const credentials = { accessKeyId: 'emulated', secretAccessKey: 'emulated' };
    table = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials });
    mkdirSync(join(folder.directory, 'home'));
  });

  afterAll(async () => {
    table?.destroy();
    await folder?.remove();
  });

  /** Without the account and the settings of the user that runs the test: a mistake here must not reach a real one. */
  const cdk = (...parameters: string[]) =>
    folder.run(join(ROOT, 'node_modules/.bin/cdk'), parameters, {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: join(folder.directory, 'home'),
        CI: 'true',
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'emulated',
        AWS_SECRET_ACCESS_KEY: 'emulated',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ENDPOINT_URL: url,
        // The emulator knows a template in its bucket by the address that it has in AWS.
        AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: 'https://s3.us-east-1.amazonaws.com',
      },
    });

  /**
   * Without change sets, whose outputs the emulator forgets, and without earlier parameters, which it does not find.
   *
   * @param name Of this deployment's files.
   */
  async function deploy(name: string, providers: object[], ...settings: string[]): Promise<Record<string, string>> {
    const config = join(folder.directory, `${name}.json`);
    const outputs = join(folder.directory, `${name}-outputs.json`);
    writeFileSync(config, JSON.stringify({ providers }));
    const context = [`config=${config}`, ...settings].flatMap((setting) => ['-c', setting]);
    const how = ['--method', 'direct', '--no-previous-parameters', '--require-approval', 'never'];
    const files = ['--output', join(folder.directory, name), '--outputs-file', outputs];
    await cdk('deploy', ...how, ...files, ...context);
    expect(existsSync(outputs), 'outputs').toBe(true);
    return JSON.parse(await folder.run('cat', [outputs])).ProviderHealth;
  }

  /** Of a request to a service. The emulator checks no signature. */
  const authorization = (service: string) =>
    `AWS4-HMAC-SHA256 Credential=emulated/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

  const resources = async () => {
    const query = `Action=ListStackResources&StackName=ProviderHealth&Version=2010-05-15`;
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: authorization('cloudformation'),
    };
    const text = await (await fetch(url, { method: 'POST', body: query, headers })).text();
    return [...text.matchAll(/<ResourceType>([^<]+)</g)].map(([, type = '']) => type);
  };

  /** An answer of the emulator. */
  async function asked(service: string, path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
    const headers = { ...init.headers, authorization: authorization(service) };
    const answer = await fetch(`${url}${path}`, { ...init, headers });
    return (await answer.json()) as Record<string, unknown>;
  }

  const listed = (service: string, target: string) =>
    asked(service, '/', {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
      body: '{}',
    });

  /** Resources that still cost money, or appear in the console, after a stack was deleted. */
  const leftovers = async () => ({
    functions: (await asked('lambda', '/2015-03-31/functions/')).Functions,
    queues: (await listed('sqs', 'AmazonSQS.ListQueues')).QueueUrls ?? [],
    logGroups: (await listed('logs', 'Logs_20140328.DescribeLogGroups')).logGroups,
  });

  const count = (types: string[], type: string) => types.filter((other) => other === type).length;

  test('bootstraps, deploys, changes and destroys', async () => {
    await cdk('bootstrap', ACCOUNT);

    const openai = { type: 'openai', apiKey: 'ssm:/provider-health/openai' };
    const first = await deploy('first', [openai], 'removalPolicy=destroy');
    const { Table } = await table.send(new DescribeTableCommand({ TableName: first.TableName ?? '' }));
    expect(Table?.KeySchema?.map(({ AttributeName }) => AttributeName)).toEqual(['pk', 'sk']);
    expect(Table?.StreamSpecification?.StreamEnabled).toBe(true);
    const before = await resources();
    expect(count(before, 'AWS::Lambda::Function')).toBeGreaterThanOrEqual(4);

    const claude = { type: 'claude', apiKey: 'secret:anthropic#apiKey' };
    const second = await deploy('second', [openai, claude], 'removalPolicy=destroy', 'tickSeconds=10');
    expect(second.TableName).toBe(first.TableName);
    const after = await resources();
    expect(count(after, 'AWS::SQS::Queue')).toBeGreaterThan(count(before, 'AWS::SQS::Queue'));

    await cdk('destroy', '--force', '--app', join(folder.directory, 'second'));
    expect((await table.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    expect(await (await fetch(`${url}/stand-ins`)).json()).toEqual(STAND_INS);
    // Only the resources of the bootstrap remain.
    expect(await leftovers()).toEqual({ functions: [], queues: [], logGroups: [] });
  });

  test('leaves its table when it is destroyed, deploys over it again, and the table can be deleted in the end', async () => {
    const openai = { type: 'openai', apiKey: 'ssm:/provider-health/openai' };
    const { TableName = '' } = await deploy('kept', [openai]);
    const item = { pk: { S: 'STATUS' }, sk: { S: 'openai' } };
    await table.send(new PutItemCommand({ TableName, Item: { ...item, v: { N: '1' } } }));
    const { Table } = await table.send(new DescribeTableCommand({ TableName }));
    expect(Table?.DeletionProtectionEnabled).toBe(true);
    await cdk('destroy', '--force', '--app', join(folder.directory, 'kept'));
    expect((await table.send(new ListTablesCommand({}))).TableNames).toEqual([TableName]);

    const again = await deploy('again', [openai], `tableStreamArn=${Table?.LatestStreamArn}`);
    expect(again.TableName).toBe(TableName);
    expect(count(await resources(), 'AWS::DynamoDB::Table')).toBe(0);
    await cdk('destroy', '--force', '--app', join(folder.directory, 'again'));
    expect((await table.send(new GetItemCommand({ TableName, Key: item }))).Item).toMatchObject({ v: { N: '1' } });

    // As docs/deploy.md says.
    await table.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await table.send(new DeleteTableCommand({ TableName }));
    expect((await table.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    // Not the log groups: the item above is in the stream, and the emulator logs an invocation where no function of the stack logs.
    expect(await leftovers()).toMatchObject({ functions: [], queues: [] });
  });
});
