/**
 * Signs a request for API Gateway (Signature Version 4). Through aws4fetch, which is one small file on WebCrypto and
 * signs what fetch sends; the AWS SDK's own signer brings a hash, a request type and credentials of its own to a program
 * that may have none of the SDK. It is imported when a signature is first asked for.
 */

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials. */
  sessionToken?: string | undefined;
}

export interface IamOptions {
  region?: string;
  credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
}

/** The headers that sign a request of `url`, by default a GET. */
export async function signed(
  url: string,
  { region, credentials = credentialsOfSdk }: IamOptions,
  method: 'GET' | 'POST' = 'GET',
): Promise<Headers> {
  const { AwsV4Signer } = await import('aws4fetch');
  const { accessKeyId, secretAccessKey, sessionToken } =
    typeof credentials === 'function' ? await credentials() : credentials;
  // `abc.execute-api.eu-central-1.amazonaws.com` says its region, and the signer reads it; a domain of one's own does not.
  const elsewhere = /\.amazonaws\.com/.test(url) ? undefined : process.env.AWS_REGION;
  const signer = new AwsV4Signer({
    url,
    method,
    accessKeyId,
    secretAccessKey,
    service: 'execute-api',
    region: region ?? elsewhere,
    sessionToken,
  });
  return (await signer.sign()).headers;
}

let chain: Promise<() => Promise<AwsCredentials>> | null = null;

/**
 * The SDK's provider chain (environment, profile, container, instance), which keeps and renews what it finds. Any of its
 * clients has it; this is the one that the other form of the reader takes anyway.
 */
async function credentialsOfSdk(): Promise<AwsCredentials> {
  chain ??= import('@aws-sdk/client-dynamodb').then(
    ({ DynamoDBClient }) => new DynamoDBClient({ region: 'us-east-1' }).config.credentials,
  );
  return (await chain)();
}
