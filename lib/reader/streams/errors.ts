/** The errors of a stream that breaks after its first token. */

import type { Category } from '../../health/category.ts';

/** The part of a stream that the caller has got. */
export interface Delivered {
  chunks: number;
  text: string;
}

/**
 * A stream broke after its first token. Recognise it by `name` instead of `instanceof`, because a program may contain two copies
 * of this class. Message and fields are safe to log. The original error and the delivered text are in private fields.
 */
export class StreamFailedError extends Error {
  override readonly name: string = 'StreamFailedError';
  /** The provider of the stream. */
  readonly provider: string;
  /** Null when the error does not show the category. */
  readonly category: Category | null;
  /** HTTP status; null when there was none. */
  readonly statusCode: number | null;
  /** The number of chunks that the caller has got. */
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

  /** The text that the caller has got. Do not log it. */
  deliveredText(): string {
    return this.#text;
  }

  /** The error of the SDK. Do not log it: it may contain keys and prompts. */
  originalError(): unknown {
    return this.#original;
  }
}

/** A stream was silent for longer than `stallTimeoutMs`. */
export class StreamStalledError extends StreamFailedError {
  override readonly name = 'StreamStalledError';
  /** The duration of the silence in milliseconds. */
  readonly silentMs: number;

  constructor(provider: string, silentMs: number, delivered: Delivered) {
    const message = `the stream kept silent for ${silentMs} ms`;
    super(provider, { message, category: 'timeout', statusCode: null, original: null }, delivered);
    this.silentMs = silentMs;
    // With this cause, `failureOf` judges the error as a timeout.
    this.cause = new DOMException(message, 'TimeoutError');
  }
}
