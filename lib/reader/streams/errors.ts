/** What a stream that was handed on throws when it ends too early. */

import type { Category } from '../../health/category.ts';

/** What had been given to the caller by then. */
export interface Delivered {
  chunks: number;
  text: string;
}

/**
 * A stream broke after its first token. Recognize it by `name`, since two copies of this class may be bundled into one
 * program. Message and fields are safe to log; what was thrown and what was delivered are kept where no logger finds them.
 */
export class StreamFailedError extends Error {
  override readonly name: string = 'StreamFailedError';
  /** Whose stream it was. */
  readonly provider: string;
  /** Null when the error says nothing by which it could be known. */
  readonly category: Category | null;
  /** HTTP status; null when there was none. */
  readonly statusCode: number | null;
  /** How many chunks the caller was given. */
  readonly chunks: number;
  readonly #text: string;
  readonly #original: unknown;

  constructor(
    provider: string,
    why: { message: string; category: Category | null; statusCode: number | null; original: unknown },
    { chunks, text }: Delivered,
  ) {
    super(`${provider}: ${why.message} after ${chunks} ${chunks === 1 ? 'chunk' : 'chunks'}.`);
    this.provider = provider;
    this.category = why.category;
    this.statusCode = why.statusCode;
    this.chunks = chunks;
    this.#text = text;
    this.#original = why.original;
  }

  /** The text that the caller was given. Not for a log. */
  deliveredText(): string {
    return this.#text;
  }

  /** What the SDK threw. Not for a log: it may hold keys and prompts. */
  originalError(): unknown {
    return this.#original;
  }
}

/** A stream kept silent for longer than `stallTimeoutMs`. */
export class StreamStalledError extends StreamFailedError {
  override readonly name = 'StreamStalledError';
  /** How long it kept silent. */
  readonly silentMs: number;

  constructor(provider: string, silentMs: number, delivered: Delivered) {
    const message = `the stream kept silent for ${silentMs} ms`;
    super(provider, { message, category: 'timeout', statusCode: null, original: null }, delivered);
    this.silentMs = silentMs;
    // By its cause it counts as a timeout where errors are judged.
    this.cause = new DOMException(message, 'TimeoutError');
  }
}
