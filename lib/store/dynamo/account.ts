/**
 * The region or endpoint of DynamoDB, and the credentials for it. A Lambda has both in its environment, and
 * a container the address of its role's; elsewhere the AWS SDK finds them, in profiles, single sign-on or an instance's role,
 * and is imported only then.
 */

import { type Credentials, credentialsOfVariables } from '../../base/aws-credentials.ts';
import { awsDomain } from '../../base/aws-domain.ts';
import { createContainerCredentials } from '../../base/container-credentials.ts';
import { isLoopbackUrl } from '../../base/loopback.ts';

export interface AccountOptions {
  /** URL of another DynamoDB than the region's own; absent or empty: the region's. */
  endpoint?: string;
  /** Default, also for an empty one: as the AWS SDK finds it (`AWS_REGION`, profile). */
  region?: string;
}

export interface Account {
  region(): Promise<string>;
  endpoint(): Promise<URL>;
  /** Asked before each request, since temporary ones are replaced. */
  credentials(): Promise<Credentials>;
}

export function accountOf({ endpoint: given, region: set }: AccountOptions): Account {
  const isLocal = given !== undefined && isLoopbackUrl(given);
  const ofContainer = createContainerCredentials();
  let sdk: ReturnType<typeof configOfSdk> | undefined;
  const found = () => {
    sdk ??= configOfSdk(set);
    return sdk;
  };
  const region = async () => set || process.env.AWS_REGION || (isLocal ? 'us-east-1' : (await found()).region());

  return {
    region,
    async endpoint() {
      const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT } = process.env;
      const other = given || AWS_ENDPOINT_URL_DYNAMODB || AWS_ENDPOINT_URL;
      if (other) return new URL(other);
      const name = await region();
      return new URL(`https://dynamodb${AWS_USE_FIPS_ENDPOINT === 'true' ? '-fips' : ''}.${name}.${awsDomain(name)}`);
    },
    credentials: async () =>
      credentialsOfEnvironment(isLocal) ?? (await ofContainer()) ?? (await found()).credentials(),
  };
}

/**
 * A DynamoDB on this machine asks for credentials. Those that the environment names are used: the local monitor's table
 * requires its own, and DynamoDB Local accepts any but keeps the tables of each apart. Where it names none, none are
 * searched for, which would take seconds.
 */
function credentialsOfEnvironment(isLocal: boolean): Credentials | null {
  const { AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  // A profile that is named comes before the keys, as in the SDK.
  const known = isLocal || !AWS_PROFILE ? credentialsOfVariables() : null;
  if (known !== null) return known;
  return isLocal && !AWS_SHARED_CREDENTIALS_FILE ? { accessKeyId: 'local', secretAccessKey: 'local' } : null;
}

async function configOfSdk(region: string | undefined): Promise<Pick<Account, 'region' | 'credentials'>> {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  return new DynamoDBClient(region ? { region } : {}).config;
}
