/** What the providers of the OpenAI-compatible family answer differently from OpenAI. */

import type { Category } from '../../../lib/health/category.ts';
import type { ProviderType } from '../../../lib/health/provider.ts';
import { presetOf } from '../../../lib/probe/presets/presets.ts';
import { answer, failed, HEALTHY, models, type RecordedAnswer, rawAnswer, stream } from './answer.ts';
import { chunk, completion } from './openai.ts';

/** A failure of each provider: status, body, category, and a description. */
const FAILURES: readonly [ProviderType, string, number, unknown, Category][] = [
  ['mistral', 'a wrong key', 401, { detail: 'Unauthorized' }, 'auth'],
  ['mistral', 'no money', 402, flat('payment required', 'payment_required', null), 'quota'],
  ['mistral', 'a model that the tier does not have', 403, flat('not in your tier', 'forbidden', null), 'auth'],
  ['mistral', 'an unknown model', 404, flat('no such model', 'not_found', '1500'), 'model_not_found'],
  [
    'mistral',
    'a bad field',
    422,
    { detail: [{ loc: ['body', 'x'], msg: 'extra field', type: 'extra' }] },
    'bad_request',
  ],
  ['mistral', 'a rate limit', 429, flat('Requests rate limit exceeded', 'rate_limited', '1300'), 'rate_limited'],
  ['mistral', 'no capacity', 503, flat('Service unavailable', 'service_unavailable', null), 'overloaded'],
  [
    'groq',
    'no capacity in the flex tier',
    498,
    error('flex tier capacity exceeded', 'capacity_exceeded'),
    'overloaded',
  ],
  ['groq', 'a failed dependency', 424, error('failed dependency'), 'server_error'],
  ['groq', 'a body that is too large', 413, error('Request too large'), 'bad_request'],
  ['groq', 'a bad field', 422, error('unprocessable'), 'bad_request'],
  ['deepseek', 'no balance', 402, error('Insufficient Balance', 'invalid_request_error'), 'quota'],
  ['deepseek', 'a bad field', 422, error('Invalid parameters'), 'bad_request'],
  ['deepseek', 'overload', 503, error('Server overloaded'), 'overloaded'],
  [
    'xai',
    'a wrong key',
    400,
    { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: x' },
    'auth',
  ],
  [
    'xai',
    'another bad argument',
    400,
    { code: 'Client specified an invalid argument', error: 'bad field' },
    'bad_request',
  ],
  ['xai', 'no key', 401, { error: 'Unauthorized' }, 'auth'],
  ['xai', 'a blocked team', 403, { code: 'The caller does not have permission', error: 'team is blocked' }, 'auth'],
  ['openrouter', 'no credit', 402, numbered(402, 'Insufficient credits'), 'quota'],
  ['openrouter', 'a timeout', 408, numbered(408, 'Request timed out'), 'timeout'],
  ['openrouter', 'a timeout at the edge', 524, numbered(524, 'Provider timed out'), 'timeout'],
  ['openrouter', 'a rate limit', 429, numbered(429, 'Rate limited'), 'rate_limited'],
  ['openrouter', 'a provider that is down', 502, numbered(502, 'Provider returned error'), 'server_error'],
  ['openrouter', 'no provider to route to', 503, numbered(503, 'No available provider'), 'overloaded'],
  ['openrouter', 'overload', 529, numbered(529, 'Provider overloaded'), 'overloaded'],
  ['openrouter', 'a failure in a 200', 200, numbered(502, 'Provider returned error'), 'server_error'],
  ['openrouter', 'a rate limit in a 200', 200, numbered(429, 'Rate limited upstream'), 'rate_limited'],
  [
    'openrouter',
    'a failure in the choice of a 200',
    200,
    completion('mistralai/mistral-nemo', { error: { code: 503, message: 'upstream' }, finish_reason: 'error' }),
    'overloaded',
  ],
  [
    'openrouter',
    'finish reason error',
    200,
    completion('mistralai/mistral-nemo', { finish_reason: 'error' }),
    'server_error',
  ],
  ['together', 'no money', 402, error('Payment required'), 'quota'],
  ['together', 'prompt and cap that are too long', 403, error('too long', 'invalid_request_error'), 'bad_request'],
  ['together', 'overload', 503, error('overloaded'), 'overloaded'],
  ['together', 'a timeout', 504, error('timed out'), 'timeout'],
  ['fireworks', 'no money', 402, error('payment required'), 'quota'],
  ['fireworks', 'no permission', 403, error('forbidden'), 'auth'],
  ['fireworks', 'an unknown model', 404, error('Model not found'), 'model_not_found'],
  ['fireworks', 'a wrong method', 405, error('method not allowed'), 'config'],
  ['fireworks', 'a suspended account', 412, error('account is suspended'), 'quota'],
  ['perplexity', 'a wrong key', 401, '<html><head><title>401 Authorization Required</title></head></html>', 'auth'],
  ['perplexity', 'a rate limit', 429, error('too many requests'), 'rate_limited'],
  ...(
    [
      [401, 'invalid_authentication_error', 'auth'],
      [401, 'incorrect_api_key_error', 'auth'],
      [403, 'permission_denied_error', 'auth'],
      [404, 'resource_not_found_error', 'model_not_found'],
      [429, 'exceeded_current_quota_error', 'quota'],
      [429, 'rate_limit_reached_error', 'rate_limited'],
      [429, 'engine_overloaded_error', 'overloaded'],
      [400, 'content_filter', 'bad_request'],
      [500, 'server_error', 'server_error'],
    ] as const
  ).map(([statusCode, type, category]): [ProviderType, string, number, unknown, Category] => [
    'kimi',
    type,
    statusCode,
    { error: { type, message: 'What it means' } },
    category,
  ]),
  [
    'qwen',
    'a wrong key',
    401,
    error('Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key'),
    'auth',
  ],
  ['qwen', 'an unpaid bill', 400, error('Access denied, overdue payment', 'Arrearage', 'Arrearage'), 'quota'],
  ['qwen', 'an unpaid bill behind a 403', 403, { code: 'Arrearage', message: 'overdue', request_id: 'r-1' }, 'quota'],
  ['qwen', 'no permission', 403, error('Access denied.', 'access_denied', 'access_denied'), 'auth'],
  ['qwen', 'an unknown model', 404, error('not exist', 'invalid_request_error', 'model_not_found'), 'model_not_found'],
  ['qwen', 'too many tokens a minute', 429, error('quota', 'insufficient_quota', 'insufficient_quota'), 'rate_limited'],
  ...(
    [
      [1000, 'server_error'],
      [1001, 'timeout'],
      [1002, 'rate_limited'],
      [1004, 'auth'],
      [2049, 'auth'],
      [1008, 'quota'],
      [1026, 'bad_request'],
      [1027, 'bad_request'],
      [1039, 'rate_limited'],
      [2013, 'bad_request'],
      [2056, 'quota'],
      [9999, 'invalid_response'],
    ] as const
  ).map(([code, category]): [ProviderType, string, number, unknown, Category] => [
    'minimax',
    `base_resp ${code} in a 200`,
    200,
    { choices: null, base_resp: { status_code: code, status_msg: 'what it means' } },
    category,
  ]),
  ['cerebras', 'no money', 402, { message: 'payment required', type: 'payment_required', code: 'x' }, 'quota'],
  ['cerebras', 'a bad field', 422, { message: 'bad', type: 'invalid_request_error', code: 'wrong' }, 'bad_request'],
  ['sambanova', 'a removed model', 410, error('model removed'), 'model_not_found'],
  ['sambanova', 'a full queue', 504, { ...error('queue full'), request_id: 'r-2' }, 'overloaded'],
  ['sambanova', 'maintenance', 503, error('maintenance'), 'overloaded'],
  ['nvidia', 'no permission', 403, { status: 403, title: 'Forbidden', detail: 'Authorization failed' }, 'auth'],
  ['nvidia', 'no credit', 402, { status: 402, title: 'Payment Required', detail: 'no credits' }, 'quota'],
  ['huggingface', 'no credit', 402, { error: 'You have exceeded your monthly included credits' }, 'quota'],
  ['azure', 'a wrong key', 401, error('Access denied due to invalid subscription key', null, '401'), 'auth'],
  ['azure', 'a network rule', 403, error('Access denied due to Virtual Network/Firewall rules.', null, '403'), 'auth'],
  ['azure', 'an unknown deployment', 404, error('does not exist', null, 'DeploymentNotFound'), 'model_not_found'],
  ['azure', 'an unknown path', 404, error('Resource not found', null, '404'), 'config'],
  ['azure', 'our limit', 429, error('Requests have exceeded the call rate limit', null, '429'), 'rate_limited'],
  ['azure', 'their limit', 429, error('The system is currently experiencing high demand', null, '429'), 'overloaded'],
  [
    'azure',
    'a prompt that was filtered',
    400,
    error('content management policy', null, 'content_filter'),
    'bad_request',
  ],
  ['ollama', 'a model that is not there', 404, { error: "model 'llama3' not found" }, 'model_not_found'],
  ['vllm', 'a model that is not there', 404, flat('The model does not exist', 'NotFoundError', 404), 'model_not_found'],
  ['litellm', 'a budget that is used up', 400, error('Budget exceeded', 'budget_exceeded', '400'), 'quota'],
  ['litellm', 'an overload behind it', 500, error('upstream', 'None', '503'), 'overloaded'],
  ['openai-compatible', 'an error in a 200', 200, { error: 'something' }, 'invalid_response'],
  ['openai-compatible', 'an error object in a 200', 200, error('boom', 'server_error'), 'server_error'],
  ['openai-compatible', 'a status of its own', 418, { detail: 'teapot' }, 'bad_request'],
  ['openai-compatible', 'a certificate at the edge', 526, '', 'server_error'],
];

/** Types that answer as OpenAI does. */
const TYPES = [
  ...new Set(FAILURES.map(([type]) => type)),
  'deepinfra',
  'lmstudio',
  'bedrock-openai',
] as const satisfies readonly ProviderType[];

export const COMPATIBLE: readonly RecordedAnswer[] = [
  ...TYPES.map((type) =>
    answer(type, {
      name: 'a genuine answer',
      statusCode: 200,
      headers: { 'x-request-id': 'req-1' },
      body: completion(presetOf(type).model ?? 'a-model'),
      expected: { isHealthy: true, tokens: { input: 11, output: 2 }, requestId: 'req-1' },
    }),
  ),
  ...TYPES.filter((type) => presetOf(type).models?.path === '/models').map((type) =>
    models(type, {
      name: 'a list of models',
      statusCode: 200,
      body: { object: 'list', data: [{ id: 'a-model', object: 'model' }] },
      expected: HEALTHY,
    }),
  ),
  ...FAILURES.map(([type, name, statusCode, body, category]) =>
    typeof body === 'string'
      ? rawAnswer(type, { name, statusCode, body, expected: failed(category) })
      : answer(type, { name, statusCode, body, expected: failed(category) }),
  ),
  answer('azure', {
    name: 'a cap that reasoning used up',
    statusCode: 400,
    body: error('Could not finish the message because max_tokens or model output limit was reached.'),
    expected: HEALTHY,
  }),
  answer('azure', {
    name: 'a limit with a header in milliseconds',
    statusCode: 429,
    headers: { 'retry-after': '60', 'retry-after-ms': '1500', 'apim-request-id': 'apim-1' },
    body: error('Requests have exceeded the call rate limit', null, '429'),
    expected: { isHealthy: false, category: 'rate_limited', retryAfterMs: 1500, requestId: 'apim-1' },
  }),
  answer('qwen', {
    name: 'a failure with its id in the body',
    statusCode: 500,
    body: { code: 'InternalError', message: 'internal', request_id: 'r-9' },
    expected: { isHealthy: false, category: 'server_error', requestId: 'r-9' },
  }),
  answer('mistral', {
    name: 'content in chunks',
    statusCode: 200,
    body: completion('ministral-3b-2512', { message: { role: 'assistant', content: [{ type: 'text', text: 'ok' }] } }),
    expected: HEALTHY,
  }),
  answer('groq', {
    name: 'only reasoning',
    statusCode: 200,
    body: completion('openai/gpt-oss-20b', {
      message: { role: 'assistant', content: '', reasoning: 'The' },
      finish_reason: 'length',
    }),
    expected: HEALTHY,
  }),
  answer('together', {
    name: 'finish reason eos',
    statusCode: 200,
    body: completion('openai/gpt-oss-20b', { finish_reason: 'eos' }),
    expected: HEALTHY,
  }),
  models('together', {
    name: 'a bare array of models',
    statusCode: 200,
    body: [{ id: 'openai/gpt-oss-20b', type: 'chat' }],
    expected: HEALTHY,
  }),
  models('openrouter', {
    name: 'a description of the key',
    statusCode: 200,
    body: { data: { label: 'a label', limit: 100, limit_remaining: 74.5 } },
    expected: HEALTHY,
  }),
  answer('deepseek', {
    name: 'finish reason insufficient_system_resource',
    statusCode: 200,
    body: completion('deepseek-v4-flash', { finish_reason: 'insufficient_system_resource' }),
    expected: failed('overloaded'),
  }),
  answer('minimax', {
    name: 'a base_resp of 0',
    statusCode: 200,
    body: { ...completion('MiniMax-M2.7'), base_resp: { status_code: 0, status_msg: '' } },
    expected: HEALTHY,
  }),
  answer('azure', {
    name: 'a deployment under another name than its model',
    statusCode: 200,
    body: completion('gpt-6-luna-2026-09-15'),
    expected: HEALTHY,
  }),
  stream('openrouter', {
    name: 'an error in a stream',
    events: [
      chunk('mistralai/mistral-nemo', { role: 'assistant', content: '' }),
      { ...chunk('mistralai/mistral-nemo', { content: '' }, 'error'), error: { code: 429, message: 'limited' } },
      '[DONE]',
    ],
    expected: failed('rate_limited'),
  }),
  stream('deepseek', {
    name: 'a stream of an inference that gave up',
    events: [chunk('deepseek-v4-flash', { content: '' }, 'insufficient_system_resource'), '[DONE]'],
    expected: failed('overloaded'),
  }),
  {
    ...answer('minimax', {
      name: 'a failure in a 200 to a request for a stream',
      statusCode: 200,
      body: { base_resp: { status_code: 1008, status_msg: 'insufficient balance' } },
      expected: failed('quota'),
    }),
    kind: 'stream',
  },
];

function error(message: string, type: string | null = null, code: string | null = null) {
  return { error: { message, type, param: null, code } };
}

function flat(message: string, type: string, code: string | number | null) {
  return { object: 'error', message, type, param: null, code };
}

function numbered(code: number, message: string) {
  return { error: { code, message, metadata: {} } };
}
