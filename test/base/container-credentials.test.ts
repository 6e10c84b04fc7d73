/** The credentials of a container, as ECS and EKS give them, compared with what the AWS SDK makes of the same answers. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createContainerCredentials } from '../../lib/base/container-credentials.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const GIVEN = {
  AccessKeyId: 'ASIACONTAINER',
  SecretAccessKey: 'secret-of-container',
  Token: 'session',
  Expiration: '2126-03-01T06:00:00Z',
};
const CREDENTIALS = { accessKeyId: 'ASIACONTAINER', secretAccessKey: 'secret-of-container', sessionToken: 'session' };
const VARIABLES = ['PROFILE', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'WEB_IDENTITY_TOKEN_FILE', 'CONFIG_FILE'];

let home: string;
let answer: { status: number; body: string };
const asked: IncomingHttpHeaders[] = [];
const server = createServer(({ headers }, response) => {
  asked.push(headers);
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
});

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'container-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  asked.length = 0;
  answer = { status: 200, body: JSON.stringify(GIVEN) };
  for (const name of [...VARIABLES, 'SHARED_CREDENTIALS_FILE']) vi.stubEnv(`AWS_${name}`, undefined);
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${(server.address() as AddressInfo).port}/role`);
  vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'pod-token');
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true });
});

describe('the credentials of a container', () => {
  it('are what the AWS SDK finds', async () => {
    expect(await createContainerCredentials()()).toEqual(CREDENTIALS);
    const { config } = new DynamoDBClient({ region: 'us-east-1' });
    expect(await config.credentials()).toMatchObject(CREDENTIALS);
    expect(asked.map(({ authorization }) => authorization)).toEqual(['pod-token', 'pod-token']);
  });

  it('are asked for with the token in the file, which is renewed, before any other', async () => {
    const file = join(home, 'token');
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', file);
    writeFileSync(file, 'first');
    const credentials = createContainerCredentials(() => Date.parse(GIVEN.Expiration));
    await credentials();
    writeFileSync(file, 'second');
    await credentials();
    expect(asked.map(({ authorization }) => authorization)).toEqual(['first', 'second']);
  });

  it('are used until they end while the address gives no others', async () => {
    answer.body = JSON.stringify({ ...GIVEN, Expiration: new Date(NOW + 3_600_000).toISOString() });
    let now = NOW;
    const credentials = createContainerCredentials(() => now);
    await credentials();
    for (const body of ['{"Code": "Throttled"}', 'no JSON']) {
      answer = { status: 429, body };
      now = NOW + 57 * 60_000;
      expect(await credentials()).toEqual(CREDENTIALS);
      now = NOW + 60 * 60_000;
      expect(await credentials()).toBeNull();
    }
  });

  it('are asked for each time when they have no end, and used while the address gives no others', async () => {
    answer.body = JSON.stringify({ ...GIVEN, Expiration: undefined });
    const credentials = createContainerCredentials(() => NOW);
    await credentials();
    answer.status = 503;
    answer.body = 'no JSON';
    expect(await credentials()).toEqual(CREDENTIALS);
    expect(asked).toHaveLength(2);
  });

  it('are asked for once by requests of one time', async () => {
    const credentials = createContainerCredentials(() => NOW);
    expect(await Promise.all([credentials(), credentials(), credentials()])).toEqual(Array(3).fill(CREDENTIALS));
    expect(asked).toHaveLength(1);
  });

  it('are kept until five minutes before they end', async () => {
    answer.body = JSON.stringify({ ...GIVEN, Expiration: new Date(NOW + 3_600_000).toISOString() });
    let now = NOW;
    const credentials = createContainerCredentials(() => now);
    for (const minutes of [0, 30, 54]) {
      now = NOW + minutes * 60_000;
      expect(await credentials()).toEqual(CREDENTIALS);
    }
    expect(asked).toHaveLength(1);
    now = NOW + 56 * 60_000;
    await credentials();
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['the environment names no address', { AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined }],
    ['a profile is named', { AWS_PROFILE: 'work' }],
    ['a web identity is named, which comes first', { AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }],
    ['the address would send the token anywhere', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://example.com/role' }],
    ['the address is none', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'role' }],
  ])('are left to the SDK where %s', async (_, variables: Record<string, string | undefined>) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    expect(await createContainerCredentials()()).toBeNull();
    expect(asked).toEqual([]);
  });

  it.each([
    ['refuses', { status: 403, body: '{"message":"no"}' }],
    ['answers with no JSON', { status: 200, body: '<html>' }],
  ])('are left to the SDK where the address %s', async (_, given) => {
    answer = given;
    expect(await createContainerCredentials()()).toBeNull();
  });
});
