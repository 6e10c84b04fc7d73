/**
 * How large an answer may be, where what carries it has a limit. A function that returns more than its limit has answered
 * nothing, and its caller sees a bare 502; so an answer is measured first, and one that is too large is a problem that
 * says how to ask for less.
 */

import type { MiddlewareHandler } from 'hono';
import { Problem } from './http/problem.ts';

export interface AnswerLimits {
  /** Bytes of a compressed body as the function returns it: in base64. */
  bodyBytes: number;
  /** Bytes of a body that is not compressed, as a JSON string. */
  textBytes: number;
  /** Pages of 1000 items that an export reads: more would take longer than the function has. */
  exportPages: number;
}

/** What one byte of a text can become as JSON: a control character. */
const MOST_ESCAPED = 6;

/** Goes around the compression, so that what is measured is what is sent. */
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
      // Without this, the problem would get the headers of the answer that was not given.
      c.res = undefined;
      throw error;
    }
  };
}

/** Null when it is longer. What its source throws in the middle, this rejects with. */
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
      'less of it: "from", "to" and "limit" where there are such parameters, else one provider at a time.',
  );
}
