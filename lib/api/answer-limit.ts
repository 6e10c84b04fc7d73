/**
 * Limits the size of an answer. If a Lambda returns more than it may, API Gateway answers a bare 502. So each answer is
 * measured first, and one that is too large becomes a problem document that says how to ask for less.
 */

import type { MiddlewareHandler } from 'hono';
import { Problem } from './http/problem.ts';

export interface AnswerLimits {
  /** The most bytes of a compressed body, in base64, as the function returns it. */
  bodyBytes: number;
  /** The most bytes of an uncompressed body, as a JSON string. */
  textBytes: number;
  /** The most pages of 1000 items that an export reads in the function's time. */
  exportPages: number;
}

/** One byte can become six in JSON: a control character is written as `\u0000`. */
const MOST_ESCAPED = 6;

/** Must run outside of the compression, to measure the bytes that are sent. */
export function limitAnswers({
  bodyBytes,
  textBytes,
}: Pick<AnswerLimits, 'bodyBytes' | 'textBytes'>): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const isEncoded = c.res.headers.has('content-encoding');
    const mostBytes = isEncoded ? bodyBytes : textBytes;
    try {
      const body = await readBody(c.res, isEncoded ? Math.floor(mostBytes / 4) * 3 : mostBytes);
      if (body === null || (!isEncoded && isLongerAsJson(body, mostBytes))) throw tooLarge(mostBytes, isEncoded);
      c.res = new Response(body.length === 0 ? null : body, c.res);
    } catch (error) {
      // Drop the answer, or the problem document would get its headers.
      c.res = undefined;
      throw error;
    }
  };
}

/** The body; null when it is longer than `maxBytes`. Rejects with the error of a body that fails halfway. */
async function readBody({ body }: Response, maxBytes: number): Promise<Buffer<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isLongerAsJson(body: Buffer, maxBytes: number): boolean {
  if (body.length * MOST_ESCAPED < maxBytes) return false;
  return Buffer.byteLength(JSON.stringify(body.toString())) > maxBytes;
}

function tooLarge(mostBytes: number, isEncoded: boolean): Problem {
  const compressed = isEncoded ? '' : 'compressed (Accept-Encoding: gzip), or for ';
  return new Problem(
    'answer_too_large',
    `Expected an answer of at most ${(mostBytes / 1024 / 1024).toFixed(1)} MiB, got a larger one. Ask for it ${compressed}` +
      'less of it: "from", "to" and "limit" where the route has them, else one provider at a time.',
  );
}
