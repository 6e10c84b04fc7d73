/**
 * Finds the region or endpoint of DynamoDB, and the credentials. A Lambda function has both in its environment; a container has
 * the address of its role's credentials. Otherwise the AWS SDK is imported, and searches profiles, single sign-on and the role
 * of the machine.
 */

import { type Credentials, credentialsOfVariables } from '../../base/aws-credentials.ts';
import { awsDomain } from '../../base/aws-domain.ts';
import { createContainerCredentials } from '../../base/container-credentials.ts';
import { isLoopbackUrl } from '../../base/loopback.ts';

export interface AccountOptions {
  /** URL of DynamoDB; absent or empty: the region's own. */
  endpoint?: string;
  /** Absent or empty: the region that the AWS SDK finds (`AWS_REGION`, profile). */
  region?: string;
}

export interface Account {
  region(): Promise<string>;
  endpoint(): Promise<URL>;
  /** Call it before each request, because temporary credentials are replaced. */
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
 * Credentials from environment variables; null when the AWS SDK must search for them. A DynamoDB on this machine requires
 * credentials too: the local monitor's table accepts only its own, and DynamoDB Local has separate tables for each access key.
 * When none are set for it, placeholders are used, because the SDK's search would take seconds.
 */
function credentialsOfEnvironment(isLocal: boolean): Credentials | null {
  const { AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  // AWS_PROFILE has priority over keys in the environment, as in the SDK.
  const known = isLocal || !AWS_PROFILE ? credentialsOfVariables() : null;
  if (known !== null) return known;
  return isLocal && !AWS_SHARED_CREDENTIALS_FILE ? { accessKeyId: 'local', secretAccessKey: 'local' } : null;
}

async function configOfSdk(region: string | undefined): Promise<Pick<Account, 'region' | 'credentials'>> {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  return new DynamoDBClient(region ? { region } : {}).config;
}
