/** Whether a request is signed with a key (AWS Signature Version 4, in the `Authorization` header). */

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

/** With a signature that covers less, these could be changed on the way. */
const MUST_BE_SIGNED = ['host', 'x-amz-date', 'x-amz-target'];

/** What a request says of its signature; null when it names another key or none. Until its body is read it proves nothing. */
export function claimOf({ authorization = '' }: IncomingHttpHeaders, { accessKeyId }: TableCredentials): Claim | null {
  const [, named = '', region = '', signedHeaders = '', signature = ''] = AUTHORIZATION.exec(authorization) ?? [];
  return isSame(named, accessKeyId) ? { region, signedHeaders: signedHeaders.split(';'), signature } : null;
}

/**
 * Whether the sender of `POST /` with these headers and this body has the secret of the key.
 *
 * It does not check the age of the signature. That would stop a listener from sending a request again later, but a program
 * that can listen on this machine's loopback can also read this process.
 */
export async function isSigned(
  { region, signedHeaders, signature }: Claim,
  { headers, body }: { headers: IncomingHttpHeaders; body: string },
  credentials: TableCredentials,
): Promise<boolean> {
  if (!MUST_BE_SIGNED.every((name) => signedHeaders.includes(name))) return false;
  // A hash that is sent is signed in place of the body: it must be the body's.
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

/** Takes the same time for any two texts. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
