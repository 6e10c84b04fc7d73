/** Claude's answers: one genuine of each kind, and one for each row of its failures. */

import { answer, failed, HEALTHY, models, type RecordedAnswer, stream } from './answer.ts';

const REQUEST_ID = 'req_011CVQ8xkJ2yTn4mWb7sLpRd';
const HEADERS = {
  'request-id': REQUEST_ID,
  'anthropic-organization-id': '3f1c2d4e-0000-4000-8000-000000000000',
  'anthropic-ratelimit-requests-limit': '50',
  'anthropic-ratelimit-requests-remaining': '49',
  'anthropic-ratelimit-requests-reset': '2026-11-24T12:00:01Z',
};

const MODEL = 'claude-haiku-5-5-20260910';

function message(over: object = {}) {
  return {
    id: 'msg_01XqB2nL7hYtR9',
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content: [{ type: 'text', text: 'ok' }],
    stop_reason: 'max_tokens',
    stop_sequence: null,
    usage: { input_tokens: 12, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    ...over,
  };
}

const error = (type: string, text: string, details?: object) => ({
  type: 'error',
  error: { type, message: text, ...(details ? { details } : {}) },
  request_id: REQUEST_ID,
});

const START = [
  ['message_start', { type: 'message_start', message: message({ content: [], stop_reason: null }) }],
  ['content_block_start', { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }],
  ['ping', { type: 'ping' }],
] as const;

const END = [
  ['content_block_stop', { type: 'content_block_stop', index: 0 }],
  [
    'message_delta',
    { type: 'message_delta', delta: { stop_reason: 'max_tokens', stop_sequence: null }, usage: { output_tokens: 1 } },
  ],
  ['message_stop', { type: 'message_stop' }],
] as const;

const delta = (content: object) =>
  ['content_block_delta', { type: 'content_block_delta', index: 0, delta: content }] as const;

export const CLAUDE: readonly RecordedAnswer[] = [
  answer('claude', {
    name: 'a genuine answer',
    statusCode: 200,
    headers: HEADERS,
    body: message(),
    expected: { isHealthy: true, tokens: { input: 12, output: 1 }, requestId: REQUEST_ID },
  }),
  answer('claude', {
    name: 'no content at all',
    statusCode: 200,
    body: message({ content: [] }),
    expected: HEALTHY,
  }),
  answer('claude', {
    name: 'only thinking',
    statusCode: 200,
    body: message({ content: [{ type: 'thinking', thinking: 'The', signature: 'EqQB' }] }),
    expected: HEALTHY,
  }),
  answer('claude', {
    name: 'a refusal',
    statusCode: 200,
    body: message({ content: [], stop_reason: 'refusal' }),
    expected: HEALTHY,
  }),
  answer('claude', {
    name: 'an answer of another model',
    statusCode: 200,
    body: message({ model: 'claude-haiku-4-5-20251001' }),
    expected: { isHealthy: true, warning: 'asked for model claude-haiku-5-5, answered by claude-haiku-4-5-20251001' },
  }),
  answer('claude', {
    name: 'a wrong key',
    statusCode: 401,
    headers: HEADERS,
    body: error('authentication_error', 'invalid x-api-key'),
    expected: { isHealthy: false, category: 'auth', requestId: REQUEST_ID },
  }),
  answer('claude', {
    name: 'a key without permission',
    statusCode: 403,
    body: error('permission_error', 'Your API key does not have permission to use the specified resource'),
    expected: failed('auth'),
  }),
  answer('claude', {
    name: 'an unpaid bill',
    statusCode: 402,
    body: error('billing_error', 'There is an issue with your billing'),
    expected: failed('quota'),
  }),
  answer('claude', {
    name: "the tier's monthly cap",
    statusCode: 429,
    headers: HEADERS,
    body: error('rate_limit_error', 'You have reached the spend limit of your tier', {
      error_code: 'enforced_spend_limit_reached',
    }),
    expected: failed('quota'),
  }),
  answer('claude', {
    name: 'a 429 that never says when to come back',
    statusCode: 429,
    body: error('rate_limit_error', 'Limit reached'),
    expected: failed('quota'),
  }),
  answer('claude', {
    name: 'no credit',
    statusCode: 400,
    body: error('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
    expected: failed('quota'),
  }),
  answer('claude', {
    name: 'a spend limit of our own',
    statusCode: 400,
    body: error('invalid_request_error', 'You have reached your specified API spend limit.'),
    expected: failed('quota'),
  }),
  answer('claude', {
    name: 'too many requests a minute',
    statusCode: 429,
    headers: { ...HEADERS, 'retry-after': '17', 'x-should-retry': 'true' },
    body: error('rate_limit_error', 'This request would exceed the rate limit of your organization'),
    expected: failed('rate_limited', { retryAfterMs: 17_000 }),
  }),
  answer('claude', {
    name: 'too many tokens a minute, with the reset in a header',
    statusCode: 429,
    headers: {
      ...HEADERS,
      'anthropic-ratelimit-output-tokens-remaining': '0',
      'anthropic-ratelimit-output-tokens-reset': '2026-11-24T12:00:42Z',
    },
    body: error('rate_limit_error', 'This request would exceed the rate limit of your organization'),
    expected: failed('rate_limited', { retryAfterMs: 42_000 }),
  }),
  answer('claude', {
    name: 'overload',
    statusCode: 529,
    body: error('overloaded_error', 'Overloaded'),
    expected: failed('overloaded'),
  }),
  answer('claude', {
    name: 'a retired model',
    statusCode: 404,
    body: error('not_found_error', 'model: claude-3-haiku-20240307'),
    expected: failed('model_not_found'),
  }),
  answer('claude', {
    name: 'a bad body',
    statusCode: 400,
    body: error('invalid_request_error', 'thinking: disabled is not supported by this model'),
    expected: failed('bad_request'),
  }),
  answer('claude', {
    name: 'a body that is too large',
    statusCode: 413,
    body: error('request_too_large', 'Request exceeds the maximum size'),
    expected: failed('bad_request'),
  }),
  answer('claude', {
    name: 'an internal error',
    statusCode: 500,
    body: error('api_error', 'Internal server error'),
    expected: failed('server_error'),
  }),
  answer('claude', {
    name: 'a timeout upstream',
    statusCode: 504,
    body: error('timeout_error', 'Upstream timed out'),
    expected: failed('server_error'),
  }),
  answer('claude', {
    name: 'a conflict',
    statusCode: 409,
    body: error('conflict_error', 'Conflict'),
    expected: failed('server_error'),
  }),
  models('claude', {
    name: 'a list of models',
    statusCode: 200,
    headers: HEADERS,
    body: { data: [{ type: 'model', id: 'claude-haiku-5-5' }], has_more: true, first_id: 'a', last_id: 'a' },
    expected: HEALTHY,
  }),
  stream('claude', {
    name: 'a stream',
    headers: HEADERS,
    events: [...START, delta({ type: 'text_delta', text: 'ok' }), ...END],
    expected: { isHealthy: true, tokens: { input: 12, output: 1 }, requestId: REQUEST_ID },
  }),
  stream('claude', {
    name: 'a stream of nothing but thinking',
    events: [...START, delta({ type: 'thinking_delta', thinking: 'The' }), ...END],
    expected: HEALTHY,
  }),
  stream('claude', {
    name: 'a stream that breaks off',
    events: [...START, delta({ type: 'text_delta', text: 'ok' })],
    expected: failed('invalid_response'),
  }),
  stream('claude', {
    name: 'an error in a stream',
    events: [...START, ['error', { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }]],
    expected: failed('overloaded'),
  }),
  stream('claude', {
    name: 'an error in a stream that only repeats a status',
    events: [...START, ['error', { type: 'error', error: { type: 'api_error', message: 'Internal server error' } }]],
    expected: failed('server_error'),
  }),
  answer('anthropic-compatible', {
    name: 'a genuine answer',
    statusCode: 200,
    body: message({ model: 'a-model' }),
    expected: HEALTHY,
  }),
  answer('anthropic-compatible', {
    name: 'a 429 that never says when to come back',
    statusCode: 429,
    body: error('rate_limit_error', 'Limit reached'),
    expected: failed('rate_limited'),
  }),
];
