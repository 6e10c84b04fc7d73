/**
 * Finds the AWS credentials of this process. In Lambda they are in the environment. When they are not, the AWS SDK is loaded
 * and searches profiles, single sign-on, and the role of a container or a machine.
 */

import { type Credentials, credentialsOfVariables } from '../base/aws-credentials.ts';
import { KeyError } from './error.ts';

/** @throws {KeyError} When there are no credentials; the message contains no secret. */
export type AwsIdentity = () => Promise<Credentials>;

/** @param ofSdk Loads the search for credentials. Default: the AWS SDK's own. */
export function createAwsIdentity(ofSdk: () => Promise<AwsIdentity> = chainOfSdk): AwsIdentity {
  let chain: Promise<AwsIdentity> | undefined;
  return async () => {
    // AWS_PROFILE has priority over keys in the environment, as in the SDK.
    const known = process.env.AWS_PROFILE ? null : credentialsOfVariables();
    if (known !== null) return known;
    try {
      chain ??= ofSdk();
      const found = await chain;
      return await found();
    } catch (error) {
      throw new KeyError(
        'found no AWS credentials to sign requests with, which Bedrock needs where apiKey is not set. Set ' +
          'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or a role, or set apiKey',
        { cause: error },
      );
    }
  };
}

async function chainOfSdk(): Promise<AwsIdentity> {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  // Every client of the SDK can search for credentials; its region does not matter.
  return new SSMClient({ region: 'us-east-1' }).config.credentials;
}
