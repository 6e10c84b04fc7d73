/** The region or endpoint of DynamoDB and the credentials for it: as the AWS SDK finds them in the same environment. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../../../lib/store/dynamo/account.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' };
const VARIABLES = ['REGION', 'PROFILE', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'USE_FIPS_ENDPOINT'];

beforeEach(() => {
  for (const name of [...VARIABLES, 'ENDPOINT_URL', 'ENDPOINT_URL_DYNAMODB']) vi.stubEnv(`AWS_${name}`, undefined);
  // No profile of this machine, and no role of it.
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => vi.unstubAllEnvs());

function set(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

describe('the account', () => {
  it.each([
    ['us-east-1'],
    ['eu-central-1'],
    ['us-gov-west-1'],
    ['cn-north-1'],
    ['us-iso-east-1'],
    ['us-isob-east-1'],
    ['eusc-de-east-1'],
  ])('of region %s has its DynamoDB where the AWS SDK has it', async (region) => {
    set({ ...KEYS, AWS_REGION: region });
    const { config } = new DynamoDBClient({ accountIdEndpointMode: 'disabled' });
    const { url } = config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
    expect((await accountOf({}).endpoint()).href).toBe(url.href);
  });

  it('takes an empty region or endpoint for none', async () => {
    set({ AWS_REGION: 'eu-central-1' });
    expect((await accountOf({ region: '', endpoint: '' }).endpoint()).host).toBe('dynamodb.eu-central-1.amazonaws.com');
    set({ AWS_REGION: '' });
    expect(await accountOf({ region: '', endpoint: 'http://127.0.0.1:1' }).region()).toBe('us-east-1');
  });

  it('takes the keys of a Lambda from its environment, each time anew', async () => {
    const { credentials } = accountOf({ region: 'us-east-1' });
    set({ ...KEYS, AWS_SESSION_TOKEN: 'first' });
    expect(await credentials()).toEqual({ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'first' });
    set({ AWS_SESSION_TOKEN: 'second' });
    expect(await credentials()).toMatchObject({ sessionToken: 'second' });
  });

  it('takes another endpoint from the options first, then from the environment', async () => {
    set({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_REGION: 'us-east-1' });
    expect((await accountOf({}).endpoint()).port).toBe('1');
    set({ AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:2' });
    expect((await accountOf({}).endpoint()).port).toBe('2');
    expect((await accountOf({ endpoint: 'http://127.0.0.1:3' }).endpoint()).port).toBe('3');
  });

  it('asks on this machine with any credentials where the environment names none, and looks for none', async () => {
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', undefined);
    const account = accountOf({ endpoint: 'http://localhost:8000' });
    expect(await account.credentials()).toEqual({ accessKeyId: 'local', secretAccessKey: 'local' });
    expect(await account.region()).toBe('us-east-1');
  });

  it('is what the AWS SDK finds where the environment has no keys or names a profile', async () => {
    set({ AWS_SHARED_CREDENTIALS_FILE: new URL('profiles.ini', import.meta.url).pathname });
    set({ AWS_CONFIG_FILE: new URL('profiles.ini', import.meta.url).pathname, ...KEYS, AWS_PROFILE: 'work' });
    const account = accountOf({});
    expect(await account.credentials()).toMatchObject({ accessKeyId: 'OFWORK', secretAccessKey: 'secret-of-work' });
    expect(await account.region()).toBe('eu-west-1');
  });

  it('says that no region is set', async () => {
    await expect(accountOf({}).endpoint()).rejects.toThrow('Region is missing');
  });
});
