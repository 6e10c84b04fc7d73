/** Gemini's answers, and Vertex AI's where they differ: one genuine of each kind, and one for each row of failures. */

import { answer, failed, HEALTHY, models, type RecordedAnswer, stream } from './answer.ts';

const MODEL = 'gemini-3.5-flash-lite';

function content(candidate: object | null, over: object = {}) {
  return {
    ...(candidate === null ? {} : { candidates: [{ index: 0, ...candidate }] }),
    usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1, totalTokenCount: 6 },
    modelVersion: MODEL,
    responseId: 'q2QkaZ3mEoa9xN8P7sW1yAQ',
    ...over,
  };
}

const OK = { content: { role: 'model', parts: [{ text: 'ok' }] } };

const error = (code: number, status: string, message: string, details?: readonly object[]) => ({
  error: { code, message, status, ...(details ? { details } : {}) },
});

const quotaFailure = (quotaId: string) => [
  {
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: [{ quotaMetric: 'generativelanguage.googleapis.com/generate_requests', quotaId }],
  },
  { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '17s' },
];

export const GEMINI: readonly RecordedAnswer[] = [
  answer('gemini', {
    name: 'a genuine answer',
    statusCode: 200,
    body: content({ ...OK, finishReason: 'STOP' }),
    expected: { isHealthy: true, tokens: { input: 5, output: 1 }, requestId: 'q2QkaZ3mEoa9xN8P7sW1yAQ' },
  }),
  answer('gemini', {
    name: 'a cap spent on thinking',
    statusCode: 200,
    body: content(
      { content: { role: 'model' }, finishReason: 'MAX_TOKENS' },
      { usageMetadata: { promptTokenCount: 5, thoughtsTokenCount: 1, totalTokenCount: 6 } },
    ),
    expected: { isHealthy: true, tokens: { input: 5, output: 1 } },
  }),
  answer('gemini', {
    name: 'a cap spent on thinking, without content',
    statusCode: 200,
    body: content({ finishReason: 'MAX_TOKENS' }),
    expected: HEALTHY,
  }),
  answer('gemini', {
    name: 'an answer that a filter kept back',
    statusCode: 200,
    body: content({ finishReason: 'SAFETY' }),
    expected: HEALTHY,
  }),
  answer('gemini', {
    name: 'a prompt that was blocked',
    statusCode: 200,
    body: content(null, { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }),
    expected: HEALTHY,
  }),
  answer('gemini', {
    name: 'an answer of another model',
    statusCode: 200,
    body: content({ ...OK, finishReason: 'STOP' }, { modelVersion: 'gemini-3.5-flash' }),
    expected: { isHealthy: true, warning: 'asked for model gemini-3.5-flash-lite, answered by gemini-3.5-flash' },
  }),
  answer('gemini', {
    name: 'no candidates',
    statusCode: 200,
    body: content(null, { candidates: [] }),
    expected: failed('invalid_response'),
  }),
  answer('gemini', {
    name: 'a wrong key',
    statusCode: 400,
    body: error(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
    ]),
    expected: failed('auth'),
  }),
  answer('gemini', {
    name: 'a key without permission',
    statusCode: 403,
    body: error(403, 'PERMISSION_DENIED', 'The API is not enabled in this project'),
    expected: failed('auth'),
  }),
  answer('gemini', {
    name: 'a bad token',
    statusCode: 401,
    body: error(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials'),
    expected: failed('auth'),
  }),
  answer('gemini', {
    name: 'prepaid credit used up',
    statusCode: 402,
    body: error(402, 'RESOURCE_EXHAUSTED', 'Your prepaid credit is used up'),
    expected: failed('quota'),
  }),
  answer('gemini', {
    name: 'no free tier here',
    statusCode: 400,
    body: error(400, 'FAILED_PRECONDITION', 'User location is not supported for the free tier; enable billing'),
    expected: failed('quota'),
  }),
  answer('gemini', {
    name: 'too many requests a minute',
    statusCode: 429,
    body: error(
      429,
      'RESOURCE_EXHAUSTED',
      'You exceeded your current quota',
      quotaFailure('GenerateRequestsPerMinutePerProjectPerModel'),
    ),
    expected: failed('rate_limited', { retryAfterMs: 17_000 }),
  }),
  answer('gemini', {
    name: 'too many requests a day',
    statusCode: 429,
    body: error(
      429,
      'RESOURCE_EXHAUSTED',
      'You exceeded your current quota',
      quotaFailure('GenerateRequestsPerDayPerProjectPerModel-FreeTier'),
    ),
    expected: failed('quota'),
  }),
  answer('gemini', {
    name: 'a model that was shut down',
    statusCode: 404,
    body: error(404, 'NOT_FOUND', 'models/gemini-1.5-flash is not found'),
    expected: failed('model_not_found'),
  }),
  answer('gemini', {
    name: 'a bad body',
    statusCode: 400,
    body: error(400, 'INVALID_ARGUMENT', 'Thinking level is not supported for this model'),
    expected: failed('bad_request'),
  }),
  answer('gemini', {
    name: 'overload',
    statusCode: 503,
    body: error(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
    expected: failed('overloaded'),
  }),
  answer('gemini', {
    name: 'an internal error',
    statusCode: 500,
    body: error(500, 'INTERNAL', 'An internal error has occurred'),
    expected: failed('server_error'),
  }),
  answer('gemini', {
    name: 'an answer that took too long',
    statusCode: 504,
    body: error(504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete'),
    expected: failed('timeout'),
  }),
  answer('gemini', {
    name: 'an error in an array',
    statusCode: 503,
    body: [error(503, 'UNAVAILABLE', 'The model is overloaded')],
    expected: failed('overloaded', { message: 'HTTP 503 UNAVAILABLE: The model is overloaded' }),
  }),
  models('gemini', {
    name: 'a list of models',
    statusCode: 200,
    body: { models: [{ name: 'models/gemini-3.5-flash-lite', version: '001' }], nextPageToken: 'x' },
    expected: HEALTHY,
  }),
  stream('gemini', {
    name: 'a stream',
    events: [
      content(OK, { usageMetadata: { promptTokenCount: 5 } }),
      content({ content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }),
    ],
    expected: { isHealthy: true, tokens: { input: 5, output: 1 } },
  }),
  stream('gemini', {
    name: 'a stream that is one chunk',
    events: [content({ finishReason: 'MAX_TOKENS' })],
    expected: HEALTHY,
  }),
  stream('gemini', {
    name: 'a stream that breaks off',
    events: [content(OK)],
    expected: failed('invalid_response'),
  }),
  stream('gemini', {
    name: 'an error in a stream',
    events: [content(OK), error(503, 'UNAVAILABLE', 'The model is overloaded')],
    expected: failed('overloaded'),
  }),
  answer('vertex', {
    name: 'a genuine answer',
    statusCode: 200,
    body: content({ ...OK, finishReason: 'STOP' }),
    expected: HEALTHY,
  }),
  answer('vertex', {
    name: 'shared capacity that is short',
    statusCode: 429,
    body: error(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted. Please try again later.'),
    expected: failed('overloaded'),
  }),
  answer('vertex', {
    name: 'a quota of ours',
    statusCode: 429,
    body: error(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded for online_prediction_requests_per_base_model'),
    expected: failed('rate_limited'),
  }),
  answer('vertex', {
    name: 'an upstream that took too long',
    statusCode: 504,
    body: error(504, 'DEADLINE_EXCEEDED', 'Deadline exceeded'),
    expected: failed('server_error'),
  }),
];
