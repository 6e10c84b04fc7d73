/** What an HTTP status alone says of a failure. Codes in the body say it better; see failure.ts. */

import type { Category } from '../health/category.ts';

const CATEGORIES: Partial<Record<Category, readonly number[]>> = {
  auth: [401, 403, 407],
  // 412: a precondition that is money, for Fireworks and Portkey.
  quota: [402, 412],
  rate_limited: [429],
  model_not_found: [404, 410],
  // 529 is Anthropic's word for overloaded, which others copied.
  overloaded: [503, 529],
  // 424: an inference that failed because of another.
  server_error: [409, 424],
  // The server gave up waiting for us, or for what is behind it; 524 is Cloudflare's for the latter.
  timeout: [408, 504, 524],
};

/** Null for a 2xx, which says nothing of a failure. An unknown 4xx is our request's fault, an unknown 5xx theirs. */
export function categoryOfStatus(statusCode: number): Category | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  if (statusCode >= 300 && statusCode < 400) return 'redirect';
  const known = Object.entries(CATEGORIES).find(([, statuses]) => statuses.includes(statusCode));
  if (known !== undefined) return known[0] as Category;
  if (statusCode >= 400 && statusCode < 500) return 'bad_request';
  if (statusCode >= 500 && statusCode < 600) return 'server_error';
  return 'invalid_response';
}
