/**
 * What a chunk of a stream is: a token of the answer, something that comes before it, or a failure. Known are the
 * chunks of openai (chat completions and responses), @anthropic-ai/sdk, @google/genai and the AI SDK, as objects and as
 * the data of server-sent events. Any other chunk counts as a token.
 */

import { type JsonObject, objectOf } from '../../base/json-value.ts';

/** `announcement`: the SDK's own, before the provider has said anything. `prelude`: the provider's, before the first token. */
type ChunkKind = 'token' | 'announcement' | 'prelude' | 'failure';

/** What a chunk is, and the error to throw where it is a failure. */
export interface Verdict {
  kind: ChunkKind;
  error?: Error;
}

/** Types of chunks that say that an answer begins, and nothing of it. */
const PRELUDE =
  /^(start-step|stream-start|response-metadata|message-metadata|raw|(text|reasoning)-start|message_start|content_block_start|ping|response\.(created|queued|in_progress|\w+\.added))$/;
const FAILURE = /^(error|abort|response\.failed)$/;
/** JsonObject that hold the text of a chunk, and of its `delta`. */
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
    if (PRELUDE.test(type)) return 'prelude';
    // An empty delta is no token; Anthropic's and the AI SDK's end in the word, openai's too.
    if (/delta$/.test(type) && !/^message_delta$/.test(type)) return isEmpty(fields) ? 'prelude' : 'token';
    return 'token';
  }
  if (Array.isArray(choices)) return choices.some(isAnswered) ? 'token' : 'prelude';
  if (error) return 'failure';
  if (Array.isArray(candidates)) return candidates.some(isAnswered) ? 'token' : 'prelude';
  return 'token';
}

/** What a chunk that is a failure says, in a form that can be thrown: an error of an SDK as it is. */
function errorIn(chunk: unknown): Error {
  const fields = objectOf(chunk) ?? {};
  const error = fields.error ?? objectOf(fields.response)?.error;
  if (error instanceof Error) return error;
  const name = fields.type === 'abort' ? 'AbortError' : 'StreamErrorPart';
  return Object.assign(new Error('the stream says that it failed'), { name, error: error ?? fields });
}

/** The text in a chunk; empty for one without. */
export function textIn(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk;
  const fields = objectOf(chunk);
  if (fields === null || typeof fields.type !== 'string') return textOfChoice(fields);
  return /delta$/.test(fields.type) ? ownText(fields) : '';
}

/** A choice of openai or a candidate of Gemini that has more in it than a role: content, a tool call or an end. */
function isAnswered(choice: unknown): boolean {
  const { delta, text, content, finish_reason, finishReason } = objectOf(choice) ?? {};
  if (finish_reason || finishReason || text) return true;
  if (objectOf(content)) return true;
  return Object.entries(objectOf(delta) ?? {}).some(
    ([name, value]) =>
      name !== 'role' && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
}

function isEmpty(fields: JsonObject): boolean {
  const texts = TEXTS.flatMap((name) => [fields[name], objectOf(fields.delta)?.[name]]);
  return texts.includes('') && ownText(fields) === '';
}

function ownText(fields: JsonObject): string {
  const delta = objectOf(fields.delta) ?? {};
  const found = TEXTS.flatMap((name) => [fields[name], delta[name]]).find((text) => typeof text === 'string' && text);
  return typeof found === 'string' ? found : '';
}

function textOfChoice(fields: JsonObject | null): string {
  const [choice] = Array.isArray(fields?.choices) ? fields.choices : [];
  const { delta, text } = objectOf(choice) ?? {};
  const content = objectOf(delta)?.content ?? text;
  return typeof content === 'string' ? content : '';
}
