/** Amazon Bedrock's Converse with an API key. Its streams are a binary format, so there are no stream probes. */

import { arrayOf, at, textOf } from '../../base/json-value.ts';
import { PROMPT } from './prompt.ts';
import { countOf, type FamilyRules, NOTHING_READ } from './reading.ts';

export const BEDROCK_CONVERSE: FamilyRules = {
  expected: "a conversation's output",
  body: (_, tokenField, maxTokens) => ({
    messages: [{ role: 'user', content: [{ text: PROMPT }] }],
    inferenceConfig: { [tokenField]: maxTokens },
  }),
  requestIdHeaders: ['x-amzn-requestid'],
  naturalEnds: ['end_turn'],

  readAnswer(body) {
    const content = arrayOf(at(body, 'output', 'message', 'content'));
    const finishReason = textOf(body.stopReason);
    if (content === null || finishReason === null) return null;
    return {
      ...NOTHING_READ,
      hasTokens: content.length > 0,
      finishReason,
      inputTokens: countOf(at(body, 'usage', 'inputTokens')),
      outputTokens: countOf(at(body, 'usage', 'outputTokens')),
    };
  },
};
