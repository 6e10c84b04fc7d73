/** Bedrock's answers to Converse: one genuine of each kind, and one for each row of its failures. */

import type { Category } from '../../../lib/health/category.ts';
import { answer, failed, HEALTHY, models, type RecordedAnswer } from './answer.ts';

const REQUEST_ID = '8a1f2b3c-4d5e-4f60-8a1b-2c3d4e5f6071';

const converse = (over: object = {}) => ({
  output: { message: { role: 'assistant', content: [{ text: 'ok' }] } },
  stopReason: 'max_tokens',
  usage: { inputTokens: 5, outputTokens: 1, totalTokens: 6 },
  metrics: { latencyMs: 210 },
  ...over,
});

const FAILURES: readonly [number, string, Category][] = [
  [403, 'AccessDeniedException', 'auth'],
  [404, 'FTUFormNotFilled', 'auth'],
  [400, 'ServiceQuotaExceededException', 'quota'],
  [429, 'ThrottlingException', 'rate_limited'],
  [503, 'ServiceUnavailableException', 'overloaded'],
  [429, 'ModelNotReadyException', 'overloaded'],
  [404, 'ResourceNotFoundException', 'model_not_found'],
  [400, 'ValidationException', 'bad_request'],
  [500, 'InternalServerException', 'server_error'],
  [424, 'ModelErrorException', 'server_error'],
  [408, 'ModelTimeoutException', 'server_error'],
];

export const BEDROCK: readonly RecordedAnswer[] = [
  answer('bedrock', {
    name: 'a genuine answer',
    statusCode: 200,
    headers: { 'x-amzn-requestid': REQUEST_ID },
    body: converse(),
    expected: { isHealthy: true, tokens: { input: 5, output: 1 }, requestId: REQUEST_ID },
  }),
  answer('bedrock', {
    name: 'no content at all',
    statusCode: 200,
    body: converse({ output: { message: { role: 'assistant', content: [] } } }),
    expected: HEALTHY,
  }),
  ...FAILURES.map(([statusCode, name, category]) =>
    answer('bedrock', {
      name,
      statusCode,
      headers: { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/` },
      body: { message: 'What the exception means' },
      expected: failed(category),
    }),
  ),
  answer('bedrock', {
    name: 'an expired signature',
    statusCode: 400,
    body: { message: 'Signature expired: 20261124T110000Z is now earlier than 20261124T115500Z' },
    expected: failed('auth'),
  }),
  models('bedrock', {
    name: 'a list of models',
    statusCode: 200,
    body: { modelSummaries: [{ modelId: 'amazon.nova-micro-v1:0' }] },
    expected: HEALTHY,
  }),
];
