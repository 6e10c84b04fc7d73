/** Codes and types that mean the same for every provider, and what web servers and firewalls answer. */

import { error, page, says, typed } from './evidence.ts';

/** In a 200 and in a stream there is no status, so that the type alone decides. */
const inA200 = (type: string) => says('openai', 200, error('(words)', type));
const streamed = (exception: string) => says('bedrock', 200, { __type: exception, message: '(words)' });
const googleIn200 = (status: string) => says('gemini', 200, { error: { message: '(words)', status } });

export const COMMON_EVIDENCE = [
  says('groq', 429, error('Limit 1000 on requests per day', 'requests', 'rate_limit_exceeded')),
  ...[
    'authentication_error',
    'permission_error',
    'rate_limit_error',
    'too_many_requests',
    'service_unavailable',
    'unavailable_error',
    'not_found_error',
    'invalid_request_error',
    'request_too_large',
    'timeout',
    'timeout_error',
    'server_error',
    'internal_server_error',
    'api_error',
    'conflict_error',
  ].map(inA200),
  ...[
    'UNAUTHENTICATED',
    'PERMISSION_DENIED',
    'RESOURCE_EXHAUSTED',
    'UNAVAILABLE',
    'NOT_FOUND',
    'INVALID_ARGUMENT',
    'DEADLINE_EXCEEDED',
    'INTERNAL',
  ].map(googleIn200),
  ...[
    'throttlingException',
    'serviceUnavailableException',
    'validationException',
    'internalServerException',
    'InternalFailure',
    'modelStreamErrorException',
    'modelTimeoutException',
  ].map(streamed),
  says('claude', 504, typed('timeout_error')),
];

export const WEB_EVIDENCE = [
  says('groq', 503, page('Attention Required! | Cloudflare')),
  says('openai-compatible', 503, page('Just a moment...')),
  says('openai-compatible', 200, page('Access Denied')),
  says('openai-compatible', 200, page('Request Rejected')),
  says('openai-compatible', 429, page('Please complete the captcha')),
  says('openai', 429, '(words)', { 'cf-mitigated': 'challenge' }),
  says('openai', 202, '', { 'x-amzn-waf-action': 'challenge' }),
  says('openai-compatible', 403, { message: 'Missing Authentication Token' }),
  says('openai-compatible', 500, { message: 'Cannot POST /chat/completions' }),
  says('openai-compatible', 500, { message: 'Route POST:/chat/completions not found' }),
  says('openai', 400, { message: 'No route for that URI' }),
  says('vllm', 405, { detail: '(words)' }),
  says('openai-compatible', 404, { message: 'no Route matched with those values' }),
  says('openai-compatible', 400, { message: 'no Route matched with those values' }),
];
