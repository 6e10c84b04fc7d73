/** Amazon Bedrock's Converse and ConverseStream. The path selects streaming. Streams have binary frames. */

import { arrayOf, at, objectOf, textOf } from '../../base/json-value.ts';
import { PROMPT } from './prompt.ts';
import { countOf, type FamilyRules, NOTHING_READ } from './reading.ts';

export const BEDROCK_CONVERSE: FamilyRules = {
  expected: "a conversation's output",
  body: (_, tokenField, maxTokens) => ({
    messages: [{ role: 'user', content: [{ text: PROMPT }] }],
    inferenceConfig: { [tokenField]: maxTokens },
  }),
  verb: (kind) => (kind === 'stream' ? '-stream' : ''),
  streamFormat: 'application/vnd.amazon.eventstream',
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

  /**
   * The payload of an event is in a field with the event's name. The metadata event comes last, after the stop reason.
   */
  readEvent(body) {
    const { contentBlockDelta, messageStop, metadata } = body;
    return {
      ...NOTHING_READ,
      hasTokens: objectOf(at(contentBlockDelta, 'delta')) !== null,
      finishReason: textOf(at(messageStop, 'stopReason')),
      isEnd: metadata !== undefined,
      inputTokens: countOf(at(metadata, 'usage', 'inputTokens')),
      outputTokens: countOf(at(metadata, 'usage', 'outputTokens')),
    };
  },
};
