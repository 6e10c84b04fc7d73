/** Gateways: their own errors. An error that a gateway relays is judged by the rows of its writer. */

import type { Rows } from '../signature.ts';

export const OPENROUTER: Rows = {
  quota: ['~free-models-per-day >wait', '~key limit exceeded >cap'],
  bad_request: ['~requires moderation >filter'],
  // All customers of the gateway share the pool, so the gateway must keep it large enough.
  overloaded: ['upstream_provider_shared_pool|~rate-limited upstream'],
};

export const LITELLM: Rows = {
  quota: ['~crossed budget|~exceeded budget >cap'],
  model_not_found: ["~llm provider not provided|~healthy deployments for this|~no 'model_name' with"],
  // An error of the client inside the gateway: the gateway has no key for the provider.
  auth: ['no_db_connection|~invalid proxy server token|~api_key client option must be set'],
  bad_request: ['~contentpolicyviolationerror|~guardrail failed >filter'],
  // All deployments behind the proxy fail, or wait after a failure.
  overloaded: ['~no deployments available|~no healthy deployment'],
};

export const PORTKEY: Rows = {
  // The gateway's own guardrails, with a status of its own.
  bad_request: ['hooks_failed >filter'],
};

/** One API, New API, and projects that are based on them. */
export const ONE_API: Rows = {
  quota: ['pre_consume_token_quota_failed|~user quota is not enough|~token quota is not enough'],
  model_not_found: ['~无可用渠道'],
};

/** It shares a few accounts among many users. The error means that all accounts wait until their limits refill. */
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
