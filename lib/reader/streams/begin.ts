/**
 * When the value of an attempt counts as answered. A stream does with its first token: an async iterable, a web stream,
 * the whole result of the AI SDK's `streamText`, or an answer whose body is server-sent events. Any other value is there
 * when it is there.
 */

import { objectOf } from '../../base/json-value.ts';
import { discard, judgeOf, type RelayOptions, relayed } from './relay.ts';
import { isEventStream, judgeOfEvents } from './server-events.ts';

export interface Begun {
  /** As it is handed on. */
  value: unknown;
  /** Whether it goes on: how it ends is said by `onEnd`. */
  isStream: boolean;
}

/** The value once it has begun. Rejects when it fails before. */
export async function begun(value: unknown, options: RelayOptions): Promise<Begun> {
  if (isStream(value)) {
    const relay = await relayed(value, judgeOf(options), options);
    return { value: value instanceof ReadableStream ? readable(relay) : relay, isStream: true };
  }
  if (isStreamTextResult(value)) {
    // Each reading of `fullStream` is a branch of its own: this one takes nothing away from the caller.
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

/** Ends what a value holds open. */
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

/** Not the result of `streamObject`, whose stream has only one reader. */
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
    // Nothing is read ahead: silence counts only while the caller waits.
    { highWaterMark: 0 },
  );
}

/** Reads on beside the caller, only to notice silence: that ends the attempt, and by its signal the caller's streams. */
async function watch(relay: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const _ of relay);
  } catch {
    // The relay has reported it.
  }
}
