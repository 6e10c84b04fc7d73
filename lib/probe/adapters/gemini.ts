/** Google's API `generateContent`: Gemini, and Vertex AI at another address. */

import { arrayOf, at, objectOf, textOf } from '../../base/json-value.ts';
import { PROMPT } from './prompt.ts';
import { countOf, type FamilyRules, NOTHING_READ, type Reading, sumOf } from './reading.ts';

export const GEMINI: FamilyRules = {
  expected: 'generated content',
  body: (_, tokenField, maxTokens) => ({
    contents: [{ role: 'user', parts: [{ text: PROMPT }] }],
    generationConfig: { [tokenField]: maxTokens },
  }),
  verb: (kind) => (kind === 'stream' ? ':streamGenerateContent?alt=sse' : ':generateContent'),
  requestIdHeaders: [],
  // Empty: Google omits the token count when nothing was generated, so an end without a token cannot be recognised.
  naturalEnds: [],

  readAnswer: (body) => {
    const isAnswer = objectOf(at(body, 'candidates', 0)) !== null || blockReasonOf(body) !== null;
    return isAnswer ? readingOf(body) : null;
  },
  readEvent: readingOf,
};

function readingOf(body: unknown): Reading {
  const usage = at(body, 'usageMetadata');
  const parts = arrayOf(at(body, 'candidates', 0, 'content', 'parts')) ?? [];
  // A blocked prompt has no candidates, only the filter's reason. Nothing else follows.
  const finishReason = textOf(at(body, 'candidates', 0, 'finishReason')) ?? blockReasonOf(body);
  return {
    ...NOTHING_READ,
    hasTokens: parts.some((part) => textOf(at(part, 'text')) !== null || objectOf(at(part, 'functionCall')) !== null),
    finishReason,
    isEnd: finishReason !== null,
    inputTokens: countOf(at(usage, 'promptTokenCount')),
    outputTokens: sumOf(at(usage, 'candidatesTokenCount'), at(usage, 'thoughtsTokenCount')),
    model: textOf(at(body, 'modelVersion')),
    requestId: textOf(at(body, 'responseId')),
  };
}

function blockReasonOf(body: unknown): string | null {
  return textOf(at(body, 'promptFeedback', 'blockReason'));
}
