/** What every server of Anthropic's API says, and what Claude alone says. */

import type { Rows } from '../signature.ts';

export const ANTHROPIC: Rows = {
  quota: ['@400 ~spend limit', '~api usage limits >wait', '~extra usage >plan'],
  auth: ['~only authorized for use with claude code >plan', '@403 =request not allowed >waf'],
  // Their upstream's timeout, an inference that failed; ours is a timeout without an answer.
  server_error: ['timeout_error', '@504'],
  overloaded: ['api_error=overloaded'],
  bad_request: ['~content filtering policy >filter'],
};

/** Its 429 that names a limit of a minute; without that and without a hint it is about money. */
export const CLAUDE: Rows = {
  rate_limited: ["@429 ~per minute|~per-minute|~'s rate limit|~concurrent connections|~acceleration"],
};
