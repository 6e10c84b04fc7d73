/** Cohere's answers: one genuine of each kind, and one for each row of its failures. */

import type { Category } from '../../../lib/health/category.ts';
import { answer, failed, HEALTHY, models, type RecordedAnswer, stream } from './answer.ts';

const ID = 'c14c80c3-18eb-4519-9460-6c92edd8cfb4';
const USAGE = { billed_units: { input_tokens: 4, output_tokens: 1 }, tokens: { input_tokens: 68, output_tokens: 1 } };

const chat = (over: object = {}) => ({
  id: ID,
  finish_reason: 'MAX_TOKENS',
  message: { role: 'assistant', content: [{ type: 'text', text: 'ok' }] },
  usage: USAGE,
  ...over,
});

const FAILURES: readonly [number, Category, string][] = [
  [401, 'auth', 'invalid api token'],
  [403, 'auth', 'this key may not use the model'],
  [402, 'quota', 'the account has reached its billing limit'],
  [429, 'rate_limited', 'You are using a Trial key, which is limited to 20 API calls / minute'],
  [429, 'quota', 'You are using a Trial key, which is limited to 1000 API calls / month'],
  [503, 'overloaded', 'service unavailable'],
  [404, 'model_not_found', "model 'command-r7b' not found"],
  [400, 'bad_request', 'invalid request: messages must not be empty'],
  [422, 'bad_request', 'unprocessable entity'],
  [500, 'server_error', 'internal server error'],
  [501, 'server_error', 'not implemented'],
  [504, 'server_error', 'gateway timeout'],
  [498, 'server_error', 'blocked'],
  [499, 'server_error', 'request cancelled'],
];

const START = [
  { type: 'message-start', id: ID, delta: { message: { role: 'assistant', content: [] } } },
  { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
];
const delta = (content: object) => ({ type: 'content-delta', index: 0, delta: { message: { content } } });
const end = (finishReason: string, over: object = {}) => ({
  type: 'message-end',
  delta: { finish_reason: finishReason, usage: USAGE, ...over },
});

export const COHERE: readonly RecordedAnswer[] = [
  answer('cohere', {
    name: 'a genuine answer',
    statusCode: 200,
    body: chat(),
    expected: { isHealthy: true, tokens: { input: 68, output: 1 }, requestId: ID },
  }),
  answer('cohere', {
    name: 'no content at all',
    statusCode: 200,
    body: chat({ message: { role: 'assistant' } }),
    expected: HEALTHY,
  }),
  answer('cohere', {
    name: 'an inference that failed',
    statusCode: 200,
    body: chat({ finish_reason: 'ERROR', message: { role: 'assistant' } }),
    expected: failed('server_error'),
  }),
  answer('cohere', {
    name: 'an inference that took too long',
    statusCode: 200,
    body: chat({ finish_reason: 'TIMEOUT', message: { role: 'assistant' } }),
    expected: failed('timeout'),
  }),
  ...FAILURES.map(([statusCode, category, message]) =>
    answer('cohere', {
      name: `${statusCode}: ${message}`,
      statusCode,
      body: { id: ID, message },
      expected: { isHealthy: false, category, requestId: ID },
    }),
  ),
  models('cohere', {
    name: 'a list of models',
    statusCode: 200,
    body: { models: [{ name: 'command-r7b-12-2024', endpoints: ['chat'] }] },
    expected: HEALTHY,
  }),
  stream('cohere', {
    name: 'a stream',
    events: [...START, delta({ text: 'ok' }), { type: 'content-end', index: 0 }, end('MAX_TOKENS')],
    expected: { isHealthy: true, tokens: { input: 68, output: 1 }, requestId: ID },
  }),
  stream('cohere', {
    name: 'a stream of nothing but thinking',
    events: [...START, delta({ thinking: 'The' }), end('MAX_TOKENS')],
    expected: HEALTHY,
  }),
  stream('cohere', {
    name: 'a stream that breaks off',
    events: [...START, delta({ text: 'ok' })],
    expected: failed('invalid_response'),
  }),
  stream('cohere', {
    name: 'an error at the end of a stream',
    events: [...START, end('ERROR', { error: 'the generation failed' })],
    expected: failed('server_error'),
  }),
];
