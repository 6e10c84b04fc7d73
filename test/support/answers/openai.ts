/** OpenAI's answers: one genuine of each kind, and one for each row of its failures. */

import { answer, failed, HEALTHY, models, type RecordedAnswer, rawAnswer, stream } from './answer.ts';

const HEADERS = {
  'x-request-id': 'req_9d2c1b7a4f0e4d2b8a6c3e5f7a9b1c2d',
  'openai-processing-ms': '182',
  'openai-version': '2020-10-01',
  'x-ratelimit-limit-requests': '10000',
  'x-ratelimit-remaining-requests': '9999',
  'x-ratelimit-reset-requests': '6ms',
};

/** A chat completion as OpenAI sends it; `over` replaces fields of the first choice. */
export function completion(model: string, over: object = {}, usage: object | null = { completion_tokens: 2 }) {
  return {
    id: 'chatcmpl-CfX3k2pQ8vYbN1',
    object: 'chat.completion',
    created: 1795521600,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'ok', refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
        ...over,
      },
    ],
    ...(usage === null ? {} : { usage: { prompt_tokens: 11, total_tokens: 13, ...usage } }),
    service_tier: 'default',
    system_fingerprint: 'fp_8f2c1b7a40',
  };
}

export function chunk(model: string, delta: object, finishReason: string | null = null) {
  return {
    id: 'chatcmpl-CfX3k2pQ8vYbN1',
    object: 'chat.completion.chunk',
    created: 1795521600,
    model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  };
}

const MODEL = 'gpt-6-luna-2026-09-15';
const ROLE = chunk(MODEL, { role: 'assistant', content: '', refusal: null });

const error = (message: string, type: string, code: string | null, param: string | null = null) => ({
  error: { message, type, param, code },
});

const message = (content: unknown) => ({ message: { role: 'assistant', content, refusal: null } });

export const OPENAI: readonly RecordedAnswer[] = [
  answer('openai', {
    name: 'a genuine answer',
    statusCode: 200,
    headers: HEADERS,
    body: completion(MODEL),
    expected: { isHealthy: true, tokens: { input: 11, output: 2 }, requestId: HEADERS['x-request-id'] },
  }),
  answer('openai', {
    name: 'a cap spent on hidden reasoning',
    statusCode: 200,
    headers: HEADERS,
    body: completion(MODEL, { ...message(''), finish_reason: 'length' }, { completion_tokens: 16 }),
    expected: { isHealthy: true, tokens: { input: 11, output: 16 } },
  }),
  answer('openai', {
    name: 'null content with finish reason length',
    statusCode: 200,
    body: completion(MODEL, { ...message(null), finish_reason: 'length' }),
    expected: HEALTHY,
  }),
  answer('openai', {
    name: 'an answer that a filter kept back',
    statusCode: 200,
    body: completion(MODEL, { ...message(null), finish_reason: 'content_filter' }, { completion_tokens: 0 }),
    expected: HEALTHY,
  }),
  answer('openai', {
    name: 'an answer without usage',
    statusCode: 200,
    body: completion(MODEL, {}, null),
    expected: { isHealthy: true, tokens: { input: 12, output: 16 } },
  }),
  answer('openai', {
    name: 'an answer of another model',
    statusCode: 200,
    body: completion('gpt-5-nano'),
    expected: { isHealthy: true, warning: 'asked for model gpt-6-luna, answered by gpt-5-nano' },
  }),
  answer('openai', {
    name: 'a cap that reasoning used up',
    statusCode: 400,
    body: error(
      'Could not finish the message because max_tokens or model output limit was reached. Please try again with higher max_tokens.',
      'invalid_request_error',
      null,
    ),
    expected: { isHealthy: true, tokens: { input: 12, output: 16 } },
  }),
  answer('openai', {
    name: 'a natural end without a token',
    statusCode: 200,
    body: completion(MODEL, message(''), { completion_tokens: 0 }),
    expected: failed('invalid_response'),
  }),
  answer('openai', {
    name: 'a wrong key',
    statusCode: 401,
    headers: { 'x-request-id': 'req_401' },
    body: error('Incorrect API key provided: wrong.', 'invalid_request_error', 'invalid_api_key'),
    expected: failed('auth', {
      message: 'HTTP 401 invalid_api_key invalid_request_error: Incorrect API key provided: wrong.',
    }),
  }),
  answer('openai', {
    name: 'no key',
    statusCode: 401,
    body: error("You didn't provide an API key.", 'invalid_request_error', null),
    expected: failed('auth'),
  }),
  answer('openai', {
    name: 'a country that is not supported',
    statusCode: 403,
    body: error(
      'Country, region, or territory not supported',
      'request_forbidden',
      'unsupported_country_region_territory',
    ),
    expected: failed('auth'),
  }),
  ...[
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
    'insufficient_quota',
  ].map((code) =>
    answer('openai', {
      name: `no money: ${code}`,
      statusCode: 429,
      body: error('You exceeded your current quota.', 'insufficient_quota', code),
      expected: failed('quota'),
    }),
  ),
  answer('openai', {
    name: 'too many requests a minute',
    statusCode: 429,
    headers: { 'retry-after': '20' },
    body: error('Rate limit reached for requests', 'requests', 'rate_limit_exceeded'),
    expected: failed('rate_limited', { retryAfterMs: 20_000 }),
  }),
  answer('openai', {
    name: 'too many tokens a minute, with the reset in a header',
    statusCode: 429,
    headers: {
      'x-ratelimit-remaining-requests': '10',
      'x-ratelimit-reset-requests': '12ms',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '6m0s',
    },
    body: error('Rate limit reached for tokens', 'tokens', 'rate_limit_exceeded'),
    expected: failed('rate_limited', { retryAfterMs: 360_000 }),
  }),
  ...[429, 503].map((statusCode) =>
    answer('openai', {
      name: `traffic that grew too fast, with status ${statusCode}`,
      statusCode,
      body: error('Slow down', 'rate_limit_error', 'slow_down'),
      expected: failed('rate_limited'),
    }),
  ),
  answer('openai', {
    name: 'overload',
    statusCode: 503,
    body: error('The server is overloaded', 'service_unavailable_error', 'server_is_overloaded'),
    expected: failed('overloaded'),
  }),
  answer('openai', {
    name: 'a model that was shut down',
    statusCode: 404,
    body: error('The model `gpt-4.1-nano` does not exist', 'invalid_request_error', 'model_not_found'),
    expected: failed('model_not_found'),
  }),
  answer('openai', {
    name: 'a parameter that the model refuses',
    statusCode: 400,
    body: error("Unsupported parameter: 'max_tokens'", 'invalid_request_error', 'unsupported_parameter', 'max_tokens'),
    expected: failed('bad_request'),
  }),
  answer('openai', {
    name: 'an internal error',
    statusCode: 500,
    headers: HEADERS,
    body: error('The server had an error', 'server_error', null),
    expected: failed('server_error'),
  }),
  answer('openai', {
    name: 'an error of ours behind a 500',
    statusCode: 500,
    body: error('No credit', 'insufficient_quota', 'credit_balance_exhausted'),
    expected: failed('quota'),
  }),
  rawAnswer('openai', {
    name: 'an HTML page of a gateway',
    statusCode: 502,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>502 Bad Gateway</title></head></html>',
    expected: failed('server_error', { message: 'HTTP 502: an HTML page "502 Bad Gateway"' }),
  }),
  rawAnswer('openai', {
    name: 'a redirect',
    statusCode: 308,
    headers: { location: 'https://elsewhere.example/v1/chat/completions' },
    body: '',
    expected: failed('redirect', {
      message:
        'HTTP 308 to https://elsewhere.example/v1/chat/completions: redirects are not followed; give the final address as baseUrl',
    }),
  }),
  models('openai', {
    name: 'a list of models',
    statusCode: 200,
    body: { object: 'list', data: [{ id: 'gpt-6-luna', object: 'model', owned_by: 'openai', shutdown_date: null }] },
    expected: HEALTHY,
  }),
  models('openai', {
    name: 'a list in which the model has an end',
    statusCode: 200,
    body: { object: 'list', data: [{ id: 'gpt-6-luna', object: 'model', shutdown_date: '2027-01-14' }] },
    expected: { isHealthy: true, warning: 'model gpt-6-luna shuts down on 2027-01-14' },
  }),
  models('openai', {
    name: 'a wrong key for the list of models',
    statusCode: 401,
    body: error('Incorrect API key provided', 'invalid_request_error', 'invalid_api_key'),
    expected: failed('auth'),
  }),
  models('openai', {
    name: 'a completion instead of a list of models',
    statusCode: 200,
    body: completion(MODEL),
    expected: failed('invalid_response'),
  }),
  stream('openai', {
    name: 'a stream',
    headers: HEADERS,
    events: [
      ROLE,
      chunk(MODEL, { content: 'ok' }),
      chunk(MODEL, {}, 'stop'),
      { ...chunk(MODEL, {}), choices: [], usage: { prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 } },
      '[DONE]',
    ],
    expected: { isHealthy: true, tokens: { input: 11, output: 2 }, requestId: HEADERS['x-request-id'] },
  }),
  stream('openai', {
    name: 'a stream whose cap went into hidden reasoning',
    events: [ROLE, chunk(MODEL, {}, 'length'), '[DONE]'],
    expected: HEALTHY,
  }),
  stream('openai', {
    name: 'a stream that breaks off',
    events: [ROLE, chunk(MODEL, { content: 'o' })],
    expected: failed('invalid_response', {
      message:
        'expected an event stream of a chat completion, got one that ended without its end marker after 2 events',
    }),
  }),
  stream('openai', {
    name: 'a stream that says nothing but its end',
    events: ['[DONE]'],
    expected: failed('invalid_response'),
  }),
  stream('openai', {
    name: 'an error in a stream',
    events: [ROLE, error('The server is overloaded', 'service_unavailable_error', 'server_is_overloaded')],
    expected: failed('overloaded'),
  }),
  stream('openai', {
    name: 'an error in a stream that has only a type',
    events: [ROLE, error('The server had an error', 'server_error', null), '[DONE]'],
    expected: failed('server_error'),
  }),
  stream('openai', {
    name: 'a stream of broken JSON',
    events: [ROLE, '{"choices":[{"delta":{"content":"o', '[DONE]'],
    expected: failed('invalid_response'),
  }),
  {
    ...answer('openai', {
      name: 'a whole answer to a request for a stream',
      statusCode: 200,
      body: completion(MODEL),
      expected: failed('invalid_response'),
    }),
    kind: 'stream',
  },
  {
    ...answer('openai', {
      name: 'a wrong key for a stream',
      statusCode: 401,
      body: error('Incorrect API key provided', 'invalid_request_error', 'invalid_api_key'),
      expected: failed('auth'),
    }),
    kind: 'stream',
  },
];
