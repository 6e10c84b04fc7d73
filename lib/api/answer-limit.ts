/**
 * Sends each answer whole, compressed where the caller accepts that, and limits its size: for functions, which cannot send an
 * answer in pieces. If a Lambda returns more than it may, API Gateway answers a bare 502. So each answer is measured first, and
 * one that is too large becomes a problem document that says how to ask for less.
 */

import { gzipSync } from 'node:zlib';
import type { Context, MiddlewareHandler } from 'hono';
import { parseAccept } from 'hono/utils/accept';
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
/** A shorter answer needs one packet in any case. */
const LEAST_COMPRESSED = 1024;

export function limitAnswers({
  bodyBytes,
  textBytes,
}: Pick<AnswerLimits, 'bodyBytes' | 'textBytes'>): MiddlewareHandler {
  return async (c, next) => {
    await next();
    try {
      const text = Buffer.from(await c.res.arrayBuffer());
      const isEncoded = text.length >= LEAST_COMPRESSED && acceptsGzip(c);
      // Not in another thread: a function answers one request at a time.
      const body = isEncoded ? gzipSync(text) : text;
      if (isEncoded ? base64Length(body) > bodyBytes : isLongerAsJson(body, textBytes)) {
        throw tooLarge(isEncoded ? bodyBytes : textBytes, isEncoded);
      }
      c.res = new Response(body.length === 0 ? null : body, c.res);
      c.header('vary', 'Accept-Encoding', { append: true });
      if (isEncoded) c.header('content-encoding', 'gzip');
    } catch (error) {
      // Drop the answer, or the problem document would get its headers.
      c.res = undefined;
      throw error;
    }
  };
}

function acceptsGzip(c: Context): boolean {
  const accepted = parseAccept(c.req.header('accept-encoding') ?? '');
  const gzip = accepted.find(({ type }) => type.toLowerCase() === 'gzip') ?? accepted.find(({ type }) => type === '*');
  return gzip !== undefined && gzip.q > 0 && c.req.method !== 'HEAD';
}

function base64Length({ length }: Buffer): number {
  return Math.ceil(length / 3) * 4;
}

function isLongerAsJson(body: Buffer, maxBytes: number): boolean {
  if (body.length * MOST_ESCAPED < maxBytes) return false;
  return body.length > maxBytes || Buffer.byteLength(JSON.stringify(body.toString())) > maxBytes;
}

function tooLarge(mostBytes: number, isEncoded: boolean): Problem {
  const compressed = isEncoded ? '' : 'compressed (Accept-Encoding: gzip), or for ';
  return new Problem(
    'answer_too_large',
    `Expected an answer of at most ${(mostBytes / 1024 / 1024).toFixed(1)} MiB, got a larger one. Ask for it ${compressed}` +
      'less of it: "from", "to" and "limit" where the route has them, else one provider at a time.',
  );
}
