/**
 * The AWS identity of this process: the role of its Lambda, from the environment. Elsewhere the AWS SDK looks for one, in
 * profiles, single sign-on, or the role of a container or a machine; it is loaded only then.
 */

import { type Credentials, credentialsOfVariables } from '../base/aws-credentials.ts';
import { KeyError } from './error.ts';

/** @throws {KeyError} When there are none; the message is safe to show. */
export type AwsIdentity = () => Promise<Credentials>;

/** @param ofSdk Default: the chain of the AWS SDK. */
export function createAwsIdentity(ofSdk: () => Promise<AwsIdentity> = chainOfSdk): AwsIdentity {
  let chain: Promise<AwsIdentity> | undefined;
  return async () => {
    // A profile that is named comes before the keys, as in the SDK.
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
  // Any client has the chain; its region does not matter.
  return new SSMClient({ region: 'us-east-1' }).config.credentials;
}
