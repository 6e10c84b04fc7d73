/** What is signed of a request to AWS that has more than a plain path and a body. Apart, since the reader needs none of it. */

import { encodedPath, encodedText } from './aws-signature.ts';

/** The hash of an empty body, which S3 wants as the header `x-amz-content-sha256`. */
export const EMPTY_BODY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** S3 alone takes a path encoded once. */
export function pathInS3({ pathname }: URL): string {
  return encodedPath(decodeURIComponent(pathname));
}

/** Each name and value encoded, and sorted by these. */
export function queryOf({ searchParams }: URL): string {
  const pairs = [...searchParams].map((pair) => pair.map(encodedText) as [string, string]);
  return pairs
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map((pair) => pair.join('='))
    .join('&');
}

const order = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Spaces around a value do not count, and several within it are one. */
export function withoutSpareSpaces(value: string): string {
  return value.trim().replace(/ +/g, ' ');
}
