/**
 * Decides when the value of an attempt counts as an answer. A stream does when its first token arrives. Streams are async
 * iterables, web streams, the whole result of the AI SDK's `streamText`, and answers of fetch with server-sent events. Any
 * other value counts at once.
 */

import { objectOf } from '../../base/json-value.ts';
import { discard, judgeOf, type RelayOptions, relayed } from './relay.ts';
import { isEventStream, judgeOfEvents } from './server-events.ts';

export interface Begun {
  /** The value for the caller. */
  value: unknown;
  /** Whether the value is a stream. `onEnd` is called when it ends. */
  isStream: boolean;
}

/** Resolves when the value counts as an answer. Rejects when it fails before. */
export async function begun(value: unknown, options: RelayOptions): Promise<Begun> {
  if (isStream(value)) {
    const relay = await relayed(value, judgeOf(options), options);
    return { value: value instanceof ReadableStream ? readable(relay) : relay, isStream: true };
  }
  if (isStreamTextResult(value)) {
    // Each access to `fullStream` returns a separate stream, so the caller still gets all chunks.
    const relay = await relayed(value.fullStream, judgeOf(options), options);
    if (options.stallTimeoutMs === undefined) discard(relay.return?.());
    else void watch(relay);
    return { value, isStream: true };
  }
  if (value instanceof Response && value.ok && value.body !== null && isEventStream(value)) {
    const { body, status, statusText, headers, url } = value;
    const relay = await relayed(body, judgeOfEvents(), options);
    const response = new Response(readable(relay), { status, statusText, headers });
    return { value: Object.defineProperty(response, 'url', { value: url }), isStream: true };
  }
  return { value, isStream: false };
}

/** Closes the stream or the body of a value, if it has one. */
export function close(value: unknown): void {
  if (isStream(value)) discard(value[Symbol.asyncIterator]().return?.());
  else discard((value as { body?: Partial<ReadableStream> | null } | null)?.body?.cancel?.());
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in (objectOf(value) ?? {});
}

interface StreamTextResult {
  fullStream: AsyncIterable<unknown>;
}

/** False for the result of `streamObject`, because its stream can be read only once. */
function isStreamTextResult(value: unknown): value is StreamTextResult {
  const object = objectOf(value);
  return object !== null && ['fullStream', 'textStream', 'toUIMessageStream'].every((name) => name in object);
}

function readable(relay: AsyncIterator<unknown>): ReadableStream {
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await relay.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await relay.return?.();
      },
    },
    // Do not read ahead: silence counts only while the caller waits.
    { highWaterMark: 0 },
  );
}

/** Reads the stream in parallel to the caller, only to notice silence. Silence aborts the attempt, and so the caller's streams. */
async function watch(relay: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const _ of relay);
  } catch {
    // The relay has reported the error.
  }
}
