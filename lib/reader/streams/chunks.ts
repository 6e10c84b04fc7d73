/**
 * Decides what a chunk of a stream is: a token of the answer, something before the first token, or a failure. It knows the chunks
 * of openai (chat completions and responses), @anthropic-ai/sdk, @google/genai and the AI SDK, as objects and as data of
 * server-sent events. Every other chunk counts as a token.
 */

import { type JsonObject, objectOf } from '../../base/json-value.ts';

/** `announcement`: made by the SDK before the provider sends anything. `prelude`: sent by the provider before its first token. */
type ChunkKind = 'token' | 'announcement' | 'prelude' | 'failure';

/** The kind of a chunk; for a failure, also the error to throw. */
export interface Verdict {
  kind: ChunkKind;
  error?: Error;
}

/** Types of chunks that announce an answer, without a part of it. */
const PRELUDE =
  /^(start-step|stream-start|response-metadata|message-metadata|raw|(text|reasoning)-start|message_start|content_block_start|ping|response\.(created|queued|in_progress|\w+\.added))$/;
const FAILURE = /^(error|abort|response\.failed)$/;
/** In all known SDKs, the types of chunks with a part of the text end like this. */
const DELTA = /delta$/;
/** Fields of a chunk, or of its `delta`, that can contain text. */
const TEXTS = ['text', 'content', 'delta', 'thinking', 'partial_json', 'reasoning', 'reasoning_content', 'refusal'];

export function verdictOn(chunk: unknown): Verdict {
  const kind = kindOf(chunk);
  return kind === 'failure' ? { kind, error: errorIn(chunk) } : { kind };
}

function kindOf(chunk: unknown): ChunkKind {
  if (typeof chunk === 'string') return chunk === '' ? 'prelude' : 'token';
  const fields = objectOf(chunk);
  if (fields === null || ArrayBuffer.isView(chunk)) return 'token';
  const { type, error, choices, candidates } = fields;
  if (typeof type === 'string') {
    if (FAILURE.test(type)) return 'failure';
    if (type === 'start') return 'announcement';
    const texts = DELTA.test(type) ? textsOf(fields) : [];
    const isEmpty = texts.length > 0 && texts.every((text) => text === '');
    return isEmpty || PRELUDE.test(type) ? 'prelude' : 'token';
  }
  // OpenRouter sends choices beside an error.
  if (error) return 'failure';
  const answers = [choices, candidates].find(Array.isArray);
  return !answers || answers.some(isAnswered) ? 'token' : 'prelude';
}

/** The error in a chunk that is a failure. An Error object of an SDK is returned unchanged. */
function errorIn(chunk: unknown): Error {
  const fields = objectOf(chunk) ?? {};
  const error = fields.error ?? objectOf(fields.response)?.error;
  if (error instanceof Error) return error;
  const name = fields.type === 'abort' ? 'AbortError' : 'StreamErrorPart';
  return Object.assign(new Error('the stream says that it failed'), { name, error: error ?? fields });
}

/** The text in a chunk; empty when it has none. */
export function textIn(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk;
  const fields = objectOf(chunk) ?? {};
  const { type, choices } = fields;
  if (typeof type === 'string') return (DELTA.test(type) && textsOf(fields).find(Boolean)) || '';
  const { delta, text } = objectOf(Array.isArray(choices) && choices[0]) ?? {};
  const content = objectOf(delta)?.content ?? text;
  return typeof content === 'string' ? content : '';
}

/** Whether a choice of openai or a candidate of Gemini has content, a tool call or an end, and not only a role. */
function isAnswered(choice: unknown): boolean {
  const { delta, text, content, finish_reason, finishReason } = objectOf(choice) ?? {};
  if (finish_reason || finishReason || text || objectOf(content)) return true;
  return Object.entries(objectOf(delta) ?? {}).some(
    ([name, value]) =>
      name !== 'role' && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
}

/** The texts of a chunk and of its `delta`, also empty ones. */
function textsOf(fields: JsonObject): string[] {
  const delta = objectOf(fields.delta);
  return TEXTS.flatMap((name) => [fields[name], delta?.[name]]).filter((text) => typeof text === 'string');
}
