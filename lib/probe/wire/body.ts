/**
 * Reads the body of an answer within a limit. The limit counts decoded bytes: probes request `identity`, but proxies
 * may still compress, and a few hundred bytes can decode to gigabytes. Decoding stops at the limit.
 */

import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AnswerError } from './answer-error.ts';

/** An answer of 1 to 2 tokens is under 4 KB, an error page rarely over 20 KB. */
export const MAX_BODY_BYTES = 64 * 1024;
/** For lists of models: OpenRouter's has several hundred kilobytes. */
export const MAX_MODELS_BYTES = 1024 * 1024;

/** Gets decoded bytes, in order. */
export type Consume = (bytes: Uint8Array) => void;

export interface BodyReader {
  /** @throws {AnswerError} Beyond the limit. */
  write(chunk: Buffer): void;
  /** Resolves when everything is decoded and consumed. @throws {AnswerError} */
  end(): Promise<void>;
  /** Frees the resources of a body that is not read to its end. */
  destroy(): void;
}

/**
 * @param onFailure Called when decoding fails between two writes, since decoding is asynchronous.
 * @throws {AnswerError} For an unknown encoding.
 */
export function createBodyReader(
  contentEncoding: string | undefined,
  maxBytes: number,
  consume: Consume,
  onFailure: (error: unknown) => void,
): BodyReader {
  const limited = withLimit(maxBytes, consume);
  const encoding = (contentEncoding ?? '').trim().toLowerCase();
  switch (encoding) {
    case '':
    case 'identity':
      return { write: limited, end: () => Promise.resolve(), destroy: () => {} };
    case 'gzip':
    case 'x-gzip':
      return decodingReader(createGunzip(), maxBytes, limited, onFailure);
    case 'deflate':
      return decodingReader(createInflate(), maxBytes, limited, onFailure);
    case 'br':
      return decodingReader(createBrotliDecompress(), maxBytes, limited, onFailure);
    default:
      throw new AnswerError(
        'invalid_response',
        `the answer came in content-encoding "${encoding}", although "identity" was asked for`,
      );
  }
}

type Decoder = ReturnType<typeof createGunzip | typeof createBrotliDecompress>;

/** Limits the received bytes too, since endless bytes may decode to nothing. */
function decodingReader(
  decoder: Decoder,
  maxBytes: number,
  consume: Consume,
  onFailure: (error: unknown) => void,
): BodyReader {
  const countWire = withLimit(maxBytes, () => {});
  let failure: unknown = null;
  const finished = new Promise<void>((resolve, reject) => {
    const fail = (error: unknown) => {
      failure ??= error;
      reject(failure);
      onFailure(failure);
      decoder.destroy();
    };
    decoder.on('data', (bytes: Buffer) => {
      try {
        consume(bytes);
      } catch (error) {
        fail(error);
      }
    });
    decoder.on('error', (cause: Error) => {
      fail(new AnswerError('invalid_response', `the compressed answer does not decode: ${cause.message}`, { cause }));
    });
    decoder.on('end', resolve);
  });
  // A rejection before `end()` is called must not end the process. onFailure has reported it.
  finished.catch(() => {});

  return {
    write(chunk) {
      if (failure !== null) return;
      countWire(chunk);
      decoder.write(chunk);
    },
    end() {
      decoder.end();
      return finished;
    },
    destroy: () => decoder.destroy(),
  };
}

function withLimit(maxBytes: number, consume: Consume): Consume {
  let total = 0;
  return (bytes) => {
    total += bytes.length;
    if (total > maxBytes) {
      throw new AnswerError('too_large', `the answer is larger than the ${maxBytes / 1024} KiB that a probe reads`);
    }
    consume(bytes);
  };
}
