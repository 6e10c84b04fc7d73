/**
 * Signs a request to Bedrock by AWS credentials (Signature Version 4). Through aws4fetch: 6 kB in the bundle, where the
 * SDK's own signer has 14. lib/base's signer takes no query, and no header values with the spaces that an operator may write.
 * Loaded when the first request is signed.
 */

import type { Credentials } from '../base/aws-credentials.ts';
import { regionOfBedrock } from '../egress/bedrock.ts';
import type { ProbeRequest } from './adapters/adapter.ts';

/** All headers but those that proxies change are signed; they are sent as they are here. */
export async function signed(request: ProbeRequest, credentials: Credentials): Promise<ProbeRequest> {
  const { AwsV4Signer } = await import('aws4fetch');
  const { url, method, headers, body } = request;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new AwsV4Signer({
    method,
    url,
    headers,
    ...(body !== null && { body }),
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    service: 'bedrock',
    // Only a server on this machine has no region in its name.
    region: regionOfBedrock(url) ?? process.env.AWS_REGION ?? 'us-east-1',
  });
  const { headers: signedHeaders } = await signer.sign();
  return { ...request, headers: Object.fromEntries(signedHeaders) };
}
