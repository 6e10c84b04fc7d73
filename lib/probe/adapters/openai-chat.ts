/** OpenAI's chat completions, as the whole compatible family speaks them. */

import { arrayOf, at, type JsonObject, objectOf, textOf } from '../../base/json-value.ts';
import { presetOf } from '../presets/presets.ts';
import { PROMPT } from './prompt.ts';
import { countOf, type FamilyRules, type Reading } from './reading.ts';

/** The model ran, and thought until its cap was reached: an OpenAI answer of 400, but a proof of life. */
const TRUNCATED = /could not finish the message because max_tokens/i;

export const OPENAI_CHAT: FamilyRules = {
  expected: 'a chat completion',
  body: (config, tokenField, maxTokens) => ({
    model: config.model,
    messages: [{ role: 'user', content: PROMPT }],
    [tokenField]: maxTokens,
  }),
  streamFields: (config) => ({
    stream: true,
    ...(presetOf(config.type).streamOptions ? { stream_options: { include_usage: true } } : {}),
  }),
  requestIdHeaders: ['x-request-id', 'apim-request-id'],
  endMarker: '[DONE]',
  naturalEnds: ['stop', 'eos'],
  provesGeneration: (statusCode, body) => statusCode === 400 && TRUNCATED.test(body),

  readAnswer(body) {
    const choice = at(body, 'choices', 0);
    const message = objectOf(at(choice, 'message'));
    if (message === null) return null;
    const role = at(message, 'role') ?? 'assistant';
    return role === 'assistant' ? readingOf(body, choice, message) : null;
  },

  readEvent(body) {
    const choice = at(body, 'choices', 0);
    return readingOf(body, choice, objectOf(at(choice, 'delta')) ?? {});
  },
};

function readingOf(body: JsonObject, choice: unknown, said: JsonObject): Reading {
  return {
    hasTokens:
      // Mistral sends content as an array of chunks.
      isFilled(said.content) ||
      isFilled(said.reasoning_content) ||
      isFilled(said.reasoning) ||
      isFilled(said.tool_calls) ||
      isFilled(said.refusal) ||
      objectOf(said.function_call) !== null,
    finishReason: textOf(at(choice, 'finish_reason')),
    isEnd: false,
    inputTokens: countOf(at(body, 'usage', 'prompt_tokens')),
    outputTokens: countOf(at(body, 'usage', 'completion_tokens')),
    model: textOf(body.model),
    requestId: textOf(body.request_id) ?? textOf(body.id),
  };
}

function isFilled(value: unknown): boolean {
  return textOf(value) !== null || (arrayOf(value)?.length ?? 0) > 0;
}
