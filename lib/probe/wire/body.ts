/**
 * Reads the body of an answer within a limit that is counted after decoding. Probes ask for `identity`, but proxies
 * compress unasked, and a few hundred bytes can unpack to gigabytes: decoding stops where the limit is passed.
 */

import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AnswerError } from './answer-error.ts';

/** A 1–2 token answer is under 4 KB, an error page rarely over 20. */
export const MAX_BODY_BYTES = 64 * 1024;
/** OpenRouter's list of models has several hundred kilobytes. */
export const MAX_MODELS_BYTES = 1024 * 1024;

/** Takes decoded bytes, in order. */
export type Consume = (bytes: Uint8Array) => void;

export interface BodyReader {
  /** @throws {AnswerError} Past the limit. */
  write(chunk: Buffer): void;
  /** Resolves when all is decoded and consumed. @throws {AnswerError} */
  end(): Promise<void>;
  /** Frees what a body that is not read to its end holds. */
  destroy(): void;
}

/**
 * @param onFailure Called when decoding fails between two writes: decoding does not keep step with the wire.
 * @throws {AnswerError} For an encoding that this process cannot decode.
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

/** The limit counts what came over the wire too: endless bytes that decode to nothing are endless all the same. */
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
  // A rejection that comes before end() is asked for must not end the process; onFailure has reported it.
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
