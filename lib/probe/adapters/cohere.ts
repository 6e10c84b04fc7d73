/** Cohere's Chat API, version 2. */

import { arrayOf, at, objectOf, textOf } from '../../base/json-value.ts';
import { PROMPT } from './prompt.ts';
import { countOf, type FamilyRules, NOTHING_READ } from './reading.ts';

export const COHERE: FamilyRules = {
  expected: 'a chat answer',
  body: (config, tokenField, maxTokens) => ({
    model: config.model,
    messages: [{ role: 'user', content: PROMPT }],
    [tokenField]: maxTokens,
  }),
  streamFields: () => ({ stream: true }),
  requestIdHeaders: [],
  naturalEnds: ['COMPLETE'],

  readAnswer(body) {
    const message = objectOf(body.message);
    const finishReason = textOf(body.finish_reason);
    if (message?.role !== 'assistant' || finishReason === null) return null;
    return {
      ...NOTHING_READ,
      hasTokens: [message.content, message.tool_calls].some((list) => (arrayOf(list)?.length ?? 0) > 0),
      finishReason,
      ...usageOf(body.usage),
      requestId: textOf(body.id),
    };
  },

  readEvent(body) {
    const delta = at(body, 'delta');
    switch (body.type) {
      case 'message-start':
        return { ...NOTHING_READ, requestId: textOf(body.id) };
      case 'content-delta':
        return { ...NOTHING_READ, hasTokens: isGenerated(at(delta, 'message', 'content')) };
      case 'tool-plan-delta':
      case 'tool-call-start':
      case 'tool-call-delta':
        return { ...NOTHING_READ, hasTokens: true };
      case 'message-end':
        return {
          ...NOTHING_READ,
          isEnd: true,
          finishReason: textOf(at(delta, 'finish_reason')),
          ...usageOf(at(delta, 'usage')),
        };
      default:
        return NOTHING_READ;
    }
  },
};

function isGenerated(content: unknown): boolean {
  return textOf(at(content, 'text')) !== null || textOf(at(content, 'thinking')) !== null;
}

function usageOf(usage: unknown) {
  return {
    inputTokens: countOf(at(usage, 'tokens', 'input_tokens')),
    outputTokens: countOf(at(usage, 'tokens', 'output_tokens')),
  };
}
