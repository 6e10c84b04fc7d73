/** Gateways: what they say themselves. What they relay is judged by the rows of its author. */

import type { Rows } from '../signature.ts';

export const OPENROUTER: Rows = {
  quota: ['~free-models-per-day >wait', '~key limit exceeded >cap'],
  bad_request: ['~requires moderation >filter'],
  // The pool is shared by all of the gateway's customers: the gateway has to keep it large enough.
  overloaded: ['upstream_provider_shared_pool|~rate-limited upstream'],
};

export const LITELLM: Rows = {
  quota: ['~crossed budget|~exceeded budget >cap'],
  model_not_found: ["~llm provider not provided|~healthy deployments for this|~no 'model_name' with"],
  // It relays what the client inside it says: no key was given to it for the provider.
  auth: ['no_db_connection|~invalid proxy server token|~api_key client option must be set'],
  bad_request: ['~contentpolicyviolationerror|~guardrail failed >filter'],
  // Everything behind the proxy fails or rests.
  overloaded: ['~no deployments available|~no healthy deployment'],
};

export const PORTKEY: Rows = {
  // The gateway's own guardrails, under a status of its own.
  bad_request: ['hooks_failed >filter'],
};

/** One API and New API, and what grew from them. */
export const ONE_API: Rows = {
  quota: ['pre_consume_token_quota_failed|~user quota is not enough|~token quota is not enough'],
  model_not_found: ['~无可用渠道'],
};

/** It shares a few accounts among many: all of them rest until their limits refill. */
export const CLI_PROXY_API: Rows = {
  rate_limited: ['model_cooldown|~are cooling down'],
  model_not_found: ['~unknown provider for model'],
};

/** Cloudflare's Workers AI and AI Gateway; `e` before a number that stands in `errors`. */
export const CLOUDFLARE: Rows = {
  auth: ['e10000'],
  quota: ['e4006|e3036 >wait'],
  config: ['e7000|e7003'],
  model_not_found: ['e5007'],
  overloaded: ['e3040'],
};
