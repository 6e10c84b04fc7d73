/** GLM's answers: one genuine of each kind, and one for each code of its failures. */

import type { Category } from '../../../lib/health/category.ts';
import { answer, failed, HEALTHY, models, type RecordedAnswer, stream } from './answer.ts';
import { chunk, completion } from './openai.ts';

const MODEL = 'glm-4.7-flashx';
const REQUEST_ID = '20261124200000a1b2c3d4e5f64711';

/** HTTP status, category and codes, as the provider's table of errors has them. */
const CODES: readonly [number, Category, readonly number[]][] = [
  [401, 'auth', [1000, 1001, 1002, 1003, 1004]],
  [429, 'auth', [1110, 1111, 1112, 1121]],
  [429, 'quota', [1113, 1304, 1308, 1309, 1310]],
  [429, 'rate_limited', [1302, 1303, 1313]],
  [429, 'overloaded', [1305, 1312]],
  [400, 'model_not_found', [1211, 1221, 1222]],
  [434, 'auth', [1220]],
  [403, 'auth', [1220, 1311]],
  [429, 'auth', [1311]],
  [400, 'bad_request', [1210, 1212, 1213, 1214, 1215, 1231, 1261, 1300, 1301]],
  [500, 'server_error', [500, 1120, 1230, 1234]],
];

const genuine = (over: object = {}) => ({ ...completion(MODEL, over), object: undefined, request_id: REQUEST_ID });

export const GLM: readonly RecordedAnswer[] = [
  answer('glm', {
    name: 'a genuine answer',
    statusCode: 200,
    body: genuine(),
    expected: { isHealthy: true, tokens: { input: 11, output: 2 }, requestId: REQUEST_ID },
  }),
  answer('glm', {
    name: 'only reasoning',
    statusCode: 200,
    body: genuine({ message: { role: 'assistant', content: '', reasoning_content: 'The' }, finish_reason: 'length' }),
    expected: HEALTHY,
  }),
  answer('glm', {
    name: 'an answer that a filter kept back',
    statusCode: 200,
    body: genuine({ message: { role: 'assistant', content: '' }, finish_reason: 'sensitive' }),
    expected: HEALTHY,
  }),
  answer('glm', {
    name: 'an inference that failed',
    statusCode: 200,
    body: genuine({ message: { role: 'assistant', content: '' }, finish_reason: 'network_error' }),
    expected: failed('server_error', { message: 'expected a chat completion, got finish reason network_error' }),
  }),
  ...CODES.flatMap(([statusCode, category, codes]) =>
    codes.map((code) =>
      answer('glm', {
        name: `code ${code} with ${statusCode}`,
        statusCode,
        body: { error: { code: String(code), message: `What ${code} means` } },
        expected: failed(category),
      }),
    ),
  ),
  answer('glm', {
    name: 'an empty balance in a 200',
    statusCode: 200,
    body: { error: { code: '1113', message: 'Insufficient balance or no resource package' } },
    expected: failed('quota'),
  }),
  models('glm', {
    name: 'a list of models',
    statusCode: 200,
    body: { object: 'list', data: [{ id: MODEL, object: 'model' }] },
    expected: HEALTHY,
  }),
  stream('glm', {
    name: 'a stream of reasoning',
    events: [
      chunk(MODEL, { role: 'assistant', reasoning_content: 'The' }),
      {
        ...chunk(MODEL, { role: 'assistant', content: '' }, 'length'),
        usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 },
      },
      '[DONE]',
    ],
    expected: { isHealthy: true, tokens: { input: 9, output: 1 } },
  }),
  stream('glm', {
    name: 'an error in a stream',
    events: [{ error: { code: '1305', message: 'The model is busy' } }],
    expected: failed('overloaded'),
  }),
];
