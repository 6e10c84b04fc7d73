/** GLM: like OpenAI, but with its own errors, a `request_id` in the body, and no request id in a header. */

import type { ApiAnswer, SimulatedApi } from './api.ts';
import { OPENAI, openaiApi } from './openai.ts';
import { GLM_ERRORS } from './openai-errors.ts';

const likeOpenai = openaiApi({ ...OPENAI, cap: 'max_tokens', errors: GLM_ERRORS, headers: () => ({}) });

export const glmApi: SimulatedApi = {
  ...likeOpenai,
  completion: (asked, context) => withRequestId(likeOpenai.completion(asked, context), context.id),
};

function withRequestId(answer: ApiAnswer, id: string): ApiAnswer {
  return { ...answer, body: JSON.stringify({ request_id: id, ...JSON.parse(answer.body) }) };
}
