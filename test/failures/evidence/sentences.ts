/** Sentences of gateways that nobody has met, and what they make more exact. */

import type { Category } from '../../../lib/health/category.ts';
import { type Evidence, error, says } from './evidence.ts';

const SENTENCES: readonly (readonly [number, string, Category])[] = [
  [400, 'Your wallet has insufficient funds', 'quota'],
  [401, 'No credits remaining on this account', 'quota'],
  [403, 'Quota exceeded for this key', 'quota'],
  [429, 'Your team ran out of prepaid money: balance is negative', 'quota'],
  [500, 'Credits exhausted, top up to continue', 'quota'],
  [503, 'The monthly allowance of this workspace is used up', 'quota'],
  [400, 'Payment declined: update your payment method', 'quota'],
  [429, 'Team budget has been exceeded', 'quota'],
  [429, 'You have used all requests for today', 'quota'],
  [403, 'Access from your country is not allowed', 'auth'],
  [400, 'Your organization was blocked', 'auth'],
  [404, 'This model is not available on your plan', 'auth'],
  [404, 'You do not have access to this model', 'auth'],
  [500, 'Incorrect API key provided', 'auth'],
  [400, 'All workers are busy', 'overloaded'],
  [429, 'The fleet is at capacity', 'overloaded'],
  [500, 'No GPU nodes are available', 'overloaded'],
  [400, 'The model foo-1 has been retired', 'model_not_found'],
  [403, 'Model m is no longer available', 'model_not_found'],
  [500, 'unknown model "m"', 'model_not_found'],
  [503, 'No provider supports model m', 'model_not_found'],
  [400, 'Rate limit exceeded', 'rate_limited'],
  [500, 'Too many requests', 'rate_limited'],
  [400, 'No matching route', 'config'],
  [404, 'Unable to identify proxy for url: /v1/chat/completions', 'config'],
  [404, 'The page you asked for is missing', 'config'],
  [400, 'Internal server error', 'server_error'],
];

/** What has such words in it, and means what its status says. */
const OTHERS: readonly (readonly [number, string, Category])[] = [
  [400, 'thinking.budget_tokens: Input should be greater than or equal to 1024', 'bad_request'],
  [400, 'response_format json_schema is not supported with this model', 'bad_request'],
  [400, "Unsupported value: 'temperature' does not support 0.2 with this model", 'bad_request'],
  [400, "Model m: 'top_p' is not supported", 'bad_request'],
  [400, 'Invalid image url', 'bad_request'],
  [400, "Additional properties are not allowed for role 'user'", 'bad_request'],
  [400, "Invalid value for 'model parameters'", 'bad_request'],
  [400, "Invalid 'tools[0].function.name': 'get_balance' does not match the pattern", 'bad_request'],
  [400, 'Unexpected token at position 5', 'bad_request'],
  [400, "Invalid 'user': user id is blocked characters", 'bad_request'],
  [400, 'The model does not support image input', 'bad_request'],
  [400, 'Function calling is not enabled for models/m', 'bad_request'],
  [400, 'Failed to download image from url https://x/y: page not found', 'bad_request'],
  [400, 'Request too large for model m on tokens per minute (TPM): Limit 6000, Requested 7000', 'bad_request'],
  [400, "Invalid tool_choice: no such tool 'get_funds_balance'", 'bad_request'],
  [400, 'The number of requests in a batch exceeds the limit of 100 per batch', 'bad_request'],
  [400, 'Assistant message prefill is not supported for this model', 'bad_request'],
  [400, 'The specified tool was not found in the available tools', 'bad_request'],
  [400, 'you must provide a model parameter', 'bad_request'],
  [400, 'The token budget is exceeded by the prompt', 'bad_request'],
  [403, 'Insufficient permissions', 'auth'],
  [404, 'The model `m` does not exist or you do not have access to it', 'model_not_found'],
  [404, 'This model does not work with /v1/chat/completions', 'model_not_found'],
  [429, 'Rate limit: 20 requests per minute. Add credits to raise your limits', 'rate_limited'],
  [429, 'Too many concurrent requests for your subscription tier', 'rate_limited'],
  [429, 'Hit token rate limit. Minute limit: 9 / 5 tokens. Day limit: 9 / 50 tokens.', 'rate_limited'],
  [500, 'Failed to check the balance: database timeout', 'server_error'],
  [503, 'Service unavailable', 'overloaded'],
];

const evidence = ([status, message, category]: (typeof SENTENCES)[number]) => ({
  ...says('openai-compatible', status, error(message)),
  message,
  category,
});

export const WORDED: readonly (Evidence & { message: string; category: Category })[] = SENTENCES.map(evidence);
export const MERELY_WORDED = OTHERS.map(evidence);
