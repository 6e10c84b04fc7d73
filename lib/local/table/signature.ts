/** Verifies that a request is signed with a key (AWS Signature Version 4, in the `Authorization` header). */

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createSigner } from '../../base/aws-signature.ts';
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

const SIGNATURE = /[\da-f]{64}$/;

const sign = createSigner({ createHash, createHmac });

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
export function isSigned(
  { region, signedHeaders, signature }: Claim,
  { headers, body }: { headers: IncomingHttpHeaders; body: string },
  credentials: TableCredentials,
): boolean {
  if (!MUST_BE_SIGNED.every((name) => signedHeaders.includes(name))) return false;
  // The header's hash is signed instead of the body, so it must be the body's hash.
  const sent = headers['x-amz-content-sha256'];
  if (sent !== undefined && sent !== createHash('sha256').update(body).digest('hex')) return false;

  const at = timeOf(headers['x-amz-date']);
  if (at === null) return false;
  const request = {
    method: 'POST',
    url: new URL(`http://${headers.host}/`),
    headers: Object.fromEntries(signedHeaders.map((name) => [name, String(headers[name] ?? '')])),
    body,
    service: 'dynamodb',
    region,
    at,
  } as const;
  const { authorization = '' } = sign(request, credentials);
  return isSame(signature, SIGNATURE.exec(authorization)?.[0] ?? '');
}

/** As AWS writes times: `20260301T100000Z`. */
function timeOf(text: unknown): Date | null {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/.exec(String(text)) ?? [];
  const [year, month, hour, minute, second] = parts;
  const at = new Date(`${year}-${month}-${hour}:${minute}:${second}`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** Compares two texts in constant time. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
