/** Companies that serve open models, and their own, in OpenAI's form. */

import type { Rows } from '../signature.ts';

export const MISTRAL: Rows = {
  quota: ['~usage limit >wait'],
  auth: ['tier_not_allowed >plan'],
  // Behind a gateway, the number alone could come from GLM.
  rate_limited: ['1300~rate limit'],
};

export const GROQ: Rows = {
  quota: ['blocked_api_access >cap'],
  overloaded: ['@498'],
  // The model failed to follow the request; another model may succeed.
  server_error: ['tool_use_failed|json_validate_failed'],
};

export const XAI: Rows = {
  quota: ['~used all available credits'],
  bad_request: ['~violates usage guidelines >filter'],
  // Also in a 200.
  overloaded: ['The service is currently unavailable'],
};

export const TOGETHER: Rows = {
  // The prompt and maxTokens together are longer than the model's context.
  bad_request: ['@403'],
  // A limit per minute, for accounts that have not paid yet.
  rate_limited: ['credit_limit~per minute'],
};

export const FIREWORKS: Rows = {
  // The account is suspended until its bill is paid.
  quota: ['PRECONDITION_FAILED|~is suspended, possibly >pay', '@412 >pay'],
};

export const CEREBRAS: Rows = {
  quota: ['request_quota_exceeded~per day|token_quota_exceeded~per day >wait'],
  overloaded: ['queue_exceeded'],
};

/** With this status its queue is full. */
export const SAMBANOVA: Rows = { overloaded: ['@504'] };

export const NVIDIA: Rows = {
  overloaded: ['~degraded function|~local total request limit'],
};

/** For a model that the account may not use. A wrong path gets a text. */
export const NVIDIA_OWN: Rows = { model_not_found: ['@404 empty'] };

export const HUGGINGFACE: Rows = {
  quota: ['~monthly included credits'],
  model_not_found: ['~not supported by provider'],
};

export const DEEPINFRA: Rows = {
  bad_request: ['~exceeds maximum input length'],
};

/** Hosts that have no provider type here. Users reach them by a compatible endpoint, or behind gateways. */
export const OTHER_HOSTS: Rows = {
  quota: [
    'customer_verification_required >pay',
    'invalid_api_key~usage limit >cap',
    'ModelArts.81005|~positive credit balance',
  ],
  auth: [
    '~appidnoautherror >ask',
    '~free tier can only be used >plan',
    '~_api_key is not set|~access to this endpoint is forbidden',
  ],
};
