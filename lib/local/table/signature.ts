/** Whether a request is signed with a key (AWS Signature Version 4, in the `Authorization` header). */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsV4Signer } from 'aws4fetch';
import type { TableCredentials } from './credentials.ts';

interface Claim {
  accessKeyId: string;
  region: string;
  signedHeaders: string;
  signature: string;
}

/** What a signature that covers less would leave to be changed under way. */
const MUST_BE_SIGNED = ['host', 'x-amz-date', 'x-amz-target'];

/** Whether a request names the key, so that it is worth reading on. It proves nothing. */
export function namesKey(headers: IncomingHttpHeaders, { accessKeyId }: TableCredentials): boolean {
  const claim = claimOf(headers.authorization);
  return claim !== null && isSame(claim.accessKeyId, accessKeyId);
}

/**
 * Whether whoever sent `POST /` with these headers and this body has the secret.
 *
 * Not looked at is the age of the signature. That keeps a request that somebody listened to from being sent again later,
 * and who can listen on this machine's loopback can also read this process.
 */
export async function isSigned(
  headers: IncomingHttpHeaders,
  body: string,
  credentials: TableCredentials,
): Promise<boolean> {
  const claim = claimOf(headers.authorization);
  const names = claim?.signedHeaders.split(';') ?? [];
  if (claim === null || !MUST_BE_SIGNED.every((name) => names.includes(name))) return false;
  // A hash that is sent is signed in place of the body: it must be the body's.
  const sent = headers['x-amz-content-sha256'];
  if (sent !== undefined && sent !== createHash('sha256').update(body).digest('hex')) return false;

  const signer = new AwsV4Signer({
    method: 'POST',
    url: `http://${headers.host}/`,
    headers: Object.fromEntries(names.map((name) => [name, String(headers[name] ?? '')])),
    body,
    ...credentials,
    accessKeyId: claim.accessKeyId,
    service: 'dynamodb',
    region: claim.region,
    datetime: String(headers['x-amz-date']),
    allHeaders: true,
  });
  return isSame(claim.accessKeyId, credentials.accessKeyId) && isSame(claim.signature, await signer.signature());
}

function claimOf(authorization = ''): Claim | null {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/([\w-]+)\/dynamodb\/aws4_request, ?SignedHeaders=([a-z\d;-]+), ?Signature=([\da-f]{64})$/;
  const [, accessKeyId = '', region = '', signedHeaders = '', signature = ''] = parts.exec(authorization) ?? [];
  return signature === '' ? null : { accessKeyId, region, signedHeaders, signature };
}

/** Takes the same time wherever the two differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
