/**
 * The parts of an AWS signature that only some requests need: the path for S3, a query, the hash of an empty body. In a file
 * of their own, so that the reader's bundle leaves them out.
 */

import { encodedPath, encodedText } from './aws-signature.ts';

/** The SHA-256 hash of an empty body. S3 requires it in the header `x-amz-content-sha256`. */
export const EMPTY_BODY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The path to sign for S3: encoded once. All other services expect it encoded twice. */
export function pathInS3({ pathname }: URL): string {
  return encodedPath(decodeURIComponent(pathname));
}

/** The query to sign: names and values are encoded, then sorted by name and value. */
export function queryOf({ searchParams }: URL): string {
  const pairs = [...searchParams].map((pair) => pair.map(encodedText) as [string, string]);
  return pairs
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map((pair) => pair.join('='))
    .join('&');
}

const order = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** A header's value as AWS signs it: trimmed, and each run of spaces replaced by one space. */
export function withoutSpareSpaces(value: string): string {
  return value.trim().replace(/ +/g, ' ');
}
