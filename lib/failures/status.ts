/** What an HTTP status alone says of a failure. Codes in the body say it better; see failure.ts. */

import type { Category } from '../health/category.ts';

const CATEGORIES: Readonly<Record<number, Category>> = {
  401: 'auth',
  402: 'quota',
  403: 'auth',
  404: 'model_not_found',
  407: 'auth',
  // The server gave up waiting for us, or for what is behind it.
  408: 'timeout',
  409: 'server_error',
  410: 'model_not_found',
  // An inference that failed because of another.
  424: 'server_error',
  429: 'rate_limited',
  503: 'overloaded',
  504: 'timeout',
  // Cloudflare's: the origin took too long.
  524: 'timeout',
  // Anthropic's word for overloaded, which others copied.
  529: 'overloaded',
};

/** Null for a 2xx, which says nothing of a failure. An unknown 4xx is our request's fault, an unknown 5xx theirs. */
export function categoryOfStatus(statusCode: number): Category | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  if (statusCode >= 300 && statusCode < 400) return 'redirect';
  const known = CATEGORIES[statusCode];
  if (known !== undefined) return known;
  if (statusCode >= 400 && statusCode < 500) return 'bad_request';
  if (statusCode >= 500 && statusCode < 600) return 'server_error';
  return 'invalid_response';
}
