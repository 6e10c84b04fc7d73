/** Rows for every server with Anthropic's API, and for Claude alone. */

import type { Rows } from '../signature.ts';

export const ANTHROPIC: Rows = {
  quota: ['@400 ~spend limit', '~api usage limits >wait', '~extra usage >plan'],
  auth: [
    '~only authorized for use with claude code >plan',
    '~our consumer terms >terms',
    '@403 =request not allowed >waf',
  ],
  // The provider's own timeout is a failure of its server. `timeout` means that no answer came.
  server_error: ['timeout_error', '@504'],
  overloaded: ['api_error=overloaded'],
  bad_request: ['~content filtering policy >filter'],
};

/** A 429 that names a limit per minute. Without such a name and without a time to wait, a 429 of Claude is about money. */
export const CLAUDE: Rows = {
  rate_limited: ["@429 ~per minute|~per-minute|~'s rate limit|~concurrent connections|~acceleration"],
};
