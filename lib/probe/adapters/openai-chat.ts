/** OpenAI's chat completions, for all compatible APIs. */

import { arrayOf, at, type JsonObject, objectOf, textOf } from '../../base/json-value.ts';
import { presetOf } from '../presets/presets.ts';
import { PROMPT } from './prompt.ts';
import { countOf, type FamilyRules, type Reading } from './reading.ts';

/** OpenAI answers 400 when the model reasoned until its token limit. It proves that the model ran. */
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
      // Mistral's content can be an array of chunks.
      isFilled(said.content) ||
      isFilled(said.reasoning_content) ||
      isFilled(said.reasoning) ||
      isFilled(said.tool_calls) ||
      isFilled(said.refusal) ||
      objectOf(said.function_call) !== null,
    finishReason: finishOf(choice),
    isEnd: false,
    inputTokens: countOf(at(body, 'usage', 'prompt_tokens')),
    outputTokens: countOf(at(body, 'usage', 'completion_tokens')),
    model: textOf(body.model),
    requestId: textOf(body.request_id) ?? textOf(body.id),
  };
}

/** OpenRouter calls an error of its provider "stop", and the provider's own reason is beside it. */
function finishOf(choice: unknown): string | null {
  const native = textOf(at(choice, 'native_finish_reason'));
  return native === 'error' || native === 'network_error' ? native : textOf(at(choice, 'finish_reason'));
}

function isFilled(value: unknown): boolean {
  return textOf(value) !== null || (arrayOf(value)?.length ?? 0) > 0;
}
