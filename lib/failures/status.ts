/** The category of a failure by its HTTP status alone. Codes and words in the body are more exact; see match.ts. */

import type { Category } from '../health/category.ts';

const CATEGORIES: Partial<Record<Category, readonly number[]>> = {
  auth: [401, 403, 407],
  // Fireworks and Portkey send 412 when money is missing.
  quota: [402, 412],
  rate_limited: [429],
  model_not_found: [404, 410],
  // 529 is Anthropic's status for overloaded; others copied it.
  overloaded: [503, 529],
  // 424: an inference failed because another one failed.
  server_error: [409, 424],
  // The server stopped waiting for us, or for a server behind it. 524 is Cloudflare's status for the second case.
  timeout: [408, 504, 524],
};

/** Null for a 2xx, which is no failure. An unknown 4xx counts as our fault, an unknown 5xx as the provider's. */
export function categoryOfStatus(statusCode: number): Category | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  if (statusCode >= 300 && statusCode < 400) return 'redirect';
  const known = Object.entries(CATEGORIES).find(([, statuses]) => statuses.includes(statusCode));
  if (known !== undefined) return known[0] as Category;
  if (statusCode >= 400 && statusCode < 500) return 'bad_request';
  if (statusCode >= 500 && statusCode < 600) return 'server_error';
  return 'invalid_response';
}
