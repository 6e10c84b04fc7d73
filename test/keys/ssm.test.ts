import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect, promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { createSsmReader } from '../../lib/keys/ssm.ts';

const KEY = 'sk-proj-4fQ9ZkT7wXy2Lm8R';

interface Answer {
  status: number;
  body: string;
}

/** A Parameter Store that answers as a test says, and notes what it was asked. */
let answer: Answer;
let asked: unknown[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    asked.push({ target: request.headers['x-amz-target'], body: JSON.parse(body) as unknown });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(answer.body);
  });
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

function resolver() {
  const ssm = createSsmReader({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return createKeyResolver({ env: {}, ssm, now: () => 0 });
}

const parameter = (value: string): Answer => ({
  status: 200,
  body: JSON.stringify({ Parameter: { Name: 'any', Type: 'SecureString', Value: value } }),
});

const failure = (type: string, status = 400): Answer => ({
  status,
  body: JSON.stringify({ __type: type, message: `arn:aws:ssm:eu-central-1:123456789012:parameter/x ${KEY}` }),
});

describe('a key from the Parameter Store', () => {
  test.each([
    ['ssm:/provider-health/openai', '/provider-health/openai', KEY],
    ['secret:openai', '/aws/reference/secretsmanager/openai', KEY],
    ['secret:keys#openai', '/aws/reference/secretsmanager/keys', JSON.stringify({ openai: KEY })],
  ])('%s is read decrypted', async (reference, name, value) => {
    answer = parameter(value);
    expect((await resolver().resolve(reference)).reveal()).toBe(KEY);
    expect(asked).toEqual([{ target: 'AmazonSSM.GetParameter', body: { Name: name, WithDecryption: true } }]);
  });

  test.each([
    [
      failure('ParameterNotFound'),
      'there is no such parameter or secret in this account and region. Create it, or correct the reference',
    ],
    [
      failure('AccessDeniedException'),
      'reading it is denied. Allow ssm:GetParameter on it, for a secret also secretsmanager:GetSecretValue, and kms:Decrypt on its key',
    ],
    [failure('InvalidKeyId'), 'it cannot be decrypted. Allow kms:Decrypt on its key, and see that the key is enabled'],
    [
      failure('ExpiredTokenException'),
      'AWS refuses the credentials (ExpiredTokenException). Set credentials that may read it',
    ],
    [failure('ThrottlingException'), 'AWS is throttling the look-up; it is made again in a few seconds'],
    [
      failure('InternalServerError', 500),
      'AWS did not give it (InternalServerError); it is asked again in a few seconds',
    ],
    [{ status: 200, body: '{}' }, 'expected a key, got an empty text. Put the key there'],
    [
      { status: 200, body: `{"Parameter":{"Value":"${KEY}"` },
      'AWS did not give it (SyntaxError); it is asked again in a few seconds',
    ],
  ])('K1 fails without a part of it: %j', async (given, reason) => {
    answer = given;
    const error: unknown = await resolver()
      .resolve('ssm:/provider-health/openai')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'KeyError', message: `ssm:/provider-health/openai: ${reason}` });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(KEY.slice(0, 12));
  });

  test('is asked for by a client that is loaded at the first look-up only', async () => {
    const script = `
      import { createKeyResolver } from './lib/keys/keys.ts';
      import { createRequire } from 'node:module';
      const { cache } = createRequire(import.meta.url);
      const isLoaded = () => Object.keys(cache).some((path) => path.includes('client-ssm'));
      const keys = createKeyResolver({ now: () => 0 });
      await keys.resolve('env:K');
      const before = isLoaded();
      await keys.resolve('ssm:/k').catch(() => {});
      console.log(JSON.stringify({ before, after: isLoaded() }));
    `;
    const child = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type', 'module', '--eval', script],
      { env: { PATH: process.env.PATH, K: KEY, AWS_EC2_METADATA_DISABLED: 'true' } },
    );
    expect(JSON.parse(child.stdout)).toEqual({ before: false, after: true });
  });
});
