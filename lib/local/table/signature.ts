/** Verifies that a request is signed with a key (AWS Signature Version 4, in the `Authorization` header). */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsV4Signer } from 'aws4fetch';
import type { TableCredentials } from './credentials.ts';

export interface Claim {
  region: string;
  /** In lower case. */
  signedHeaders: string[];
  signature: string;
}

const AUTHORIZATION = new RegExp(
  '^AWS4-HMAC-SHA256 Credential=([^/,\\s]+)/\\d{8}/([\\w-]+)/dynamodb/aws4_request, ?' +
    'SignedHeaders=([a-z\\d;-]+), ?Signature=([\\da-f]{64})$',
);

/** Headers that the signature must cover, since they could be changed otherwise. */
const MUST_BE_SIGNED = ['host', 'x-amz-date', 'x-amz-target'];

/**
 * The signature that a request claims; null when it names another key or none. It proves nothing until `isSigned` has
 * verified it.
 */
export function claimOf({ authorization = '' }: IncomingHttpHeaders, { accessKeyId }: TableCredentials): Claim | null {
  const [, named = '', region = '', signedHeaders = '', signature = ''] = AUTHORIZATION.exec(authorization) ?? [];
  return isSame(named, accessKeyId) ? { region, signedHeaders: signedHeaders.split(';'), signature } : null;
}

/**
 * Whether the sender of `POST /` with these headers and this body has the secret of the key.
 *
 * The age of the signature is not checked. That would only stop a listener from replaying a request, and a program that
 * can listen on loopback can also read this process.
 */
export async function isSigned(
  { region, signedHeaders, signature }: Claim,
  { headers, body }: { headers: IncomingHttpHeaders; body: string },
  credentials: TableCredentials,
): Promise<boolean> {
  if (!MUST_BE_SIGNED.every((name) => signedHeaders.includes(name))) return false;
  // The header's hash is signed instead of the body, so it must be the body's hash.
  const sent = headers['x-amz-content-sha256'];
  if (sent !== undefined && sent !== createHash('sha256').update(body).digest('hex')) return false;

  const signer = new AwsV4Signer({
    method: 'POST',
    url: `http://${headers.host}/`,
    headers: Object.fromEntries(signedHeaders.map((name) => [name, String(headers[name] ?? '')])),
    body,
    ...credentials,
    service: 'dynamodb',
    region,
    datetime: String(headers['x-amz-date']),
    allHeaders: true,
  });
  return isSame(signature, await signer.signature());
}

/** Compares two texts in constant time. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
