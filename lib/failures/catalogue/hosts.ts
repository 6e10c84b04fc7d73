/** Companies that serve open models, and their own, in OpenAI's form. */

import type { Rows } from '../signature.ts';

export const MISTRAL: Rows = {
  quota: ['~usage limit >wait'],
  auth: ['tier_not_allowed >plan'],
  // Behind a gateway the number alone would be GLM's.
  rate_limited: ['1300~rate limit'],
};

export const GROQ: Rows = {
  quota: ['blocked_api_access >cap'],
  overloaded: ['@498'],
  // The model did not do what was asked of it; another may.
  server_error: ['tool_use_failed|json_validate_failed'],
};

export const XAI: Rows = {
  quota: ['~used all available credits'],
  bad_request: ['~violates usage guidelines >filter'],
};

export const TOGETHER: Rows = {
  // Prompt and cap are longer than the model's context.
  bad_request: ['@403'],
  // A limit of a minute, of those who have not paid yet.
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

/** Its queue is full. */
export const SAMBANOVA: Rows = { overloaded: ['@504'] };

export const NVIDIA: Rows = {
  overloaded: ['~degraded function|~local total request limit'],
};

export const HUGGINGFACE: Rows = {
  quota: ['~monthly included credits'],
  model_not_found: ['~not supported by provider'],
};

export const DEEPINFRA: Rows = {
  bad_request: ['~exceeds maximum input length'],
};

/** Hosts that are no provider type here; they are met at a compatible endpoint and behind gateways. */
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
