/** Anthropic's Messages API, for Claude and compatible servers. */

import { arrayOf, at, type JsonObject, textOf } from '../../base/json-value.ts';
import { PROMPT } from './prompt.ts';
import { countOf, type FamilyRules, NOTHING_READ, type Reading } from './reading.ts';

export const ANTHROPIC_MESSAGES: FamilyRules = {
  expected: 'a message',
  // At least 1: a limit of 0 is valid but only warms the prompt cache, which proves nothing.
  body: (config, tokenField, maxTokens) => ({
    model: config.model,
    [tokenField]: Math.max(1, maxTokens),
    messages: [{ role: 'user', content: PROMPT }],
  }),
  streamFields: () => ({ stream: true }),
  requestIdHeaders: ['request-id', 'x-request-id'],
  naturalEnds: ['end_turn'],

  readAnswer(body) {
    const content = arrayOf(body.content);
    if (body.type !== 'message' || body.role !== 'assistant' || content === null) return null;
    return { ...messageReading(body), hasTokens: content.length > 0 };
  },

  readEvent(body) {
    switch (body.type) {
      case 'message_start':
        return messageReading(at(body, 'message'));
      case 'content_block_delta':
        return { ...NOTHING_READ, hasTokens: isGenerated(body) };
      case 'message_delta':
        return {
          ...NOTHING_READ,
          finishReason: textOf(at(body, 'delta', 'stop_reason')),
          outputTokens: countOf(at(body, 'usage', 'output_tokens')),
        };
      case 'message_stop':
        return { ...NOTHING_READ, isEnd: true };
      default:
        return NOTHING_READ;
    }
  },
};

function messageReading(message: unknown): Reading {
  return {
    ...NOTHING_READ,
    finishReason: textOf(at(message, 'stop_reason')),
    inputTokens: countOf(at(message, 'usage', 'input_tokens')),
    outputTokens: countOf(at(message, 'usage', 'output_tokens')),
    model: textOf(at(message, 'model')),
    requestId: textOf(at(message, 'request_id')) ?? textOf(at(message, 'id')),
  };
}

/**
 * Whether a delta contains generated text, thinking or a tool's input. The signature of a thinking block does not
 * count.
 */
function isGenerated(body: JsonObject): boolean {
  return ['text', 'thinking', 'partial_json'].some((field) => textOf(at(body, 'delta', field)) !== null);
}
