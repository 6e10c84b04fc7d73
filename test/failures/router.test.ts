/** Every router case through `withFailover`: errors as the SDKs make them, and answers of `fetch` from a real server. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import { ApiError } from '@google/genai';
import { APICallError } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFailureMemory, failureOf, withFailover } from '../../lib/reader/index.ts';
import { headersOf, ROUTER_ERRORS, type RouterCase } from './cases/cases.ts';

let server: Server;
let current: RouterCase;

beforeAll(async () => {
  server = createServer((_, response) => {
    const isText = typeof current.body === 'string';
    response.writeHead(current.status ?? 500, { 'content-type': isText ? 'text/html' : 'application/json' });
    response.end(isText ? (current.body as string) : JSON.stringify(current.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

/** The error that the SDK throws; one that is not installed here by its fields. */
function errorOf(one: RouterCase): unknown {
  const { thrownBy = '', status, error, name, message = '(words)', cause, fields } = one;
  if (fields) return builtOf({ ...fields, name, message });
  const headers = new Headers(headersOf(one));
  if (thrownBy.startsWith('openai')) {
    return new OpenAI.APIError(status ?? undefined, error as object, undefined, headers);
  }
  if (thrownBy.startsWith('@anthropic')) {
    return new Anthropic.APIError(status ?? undefined, error as object, undefined, headers);
  }
  if (thrownBy.startsWith('@google')) return new ApiError({ message, status: status ?? 500 });
  if (thrownBy.startsWith('AI SDK')) {
    return new APICallError({
      message,
      url: 'https://example.com',
      requestBodyValues: {},
      ...(status && { statusCode: status }),
      responseBody: JSON.stringify(error),
    });
  }
  if (name === 'TypeError') return new TypeError(message, { cause });
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status }, $fault: 'client' });
}

/** An error with these fields, whose causes are errors too. */
function builtOf({ name, message, cause, lastError, ...fields }: Record<string, unknown>): Error {
  const Made = name === 'TypeError' ? TypeError : Error;
  const inner = Object.entries({ cause, lastError }).filter(([, one]) => one !== undefined);
  return Object.assign(new Made(String(message ?? '')), fields, {
    name,
    ...Object.fromEntries(inner.map(([field, one]) => [field, builtOf(one as Record<string, unknown>)])),
  });
}

describe('what a router meets', () => {
  it.each(ROUTER_ERRORS.map((one) => [one.id, one] as const))('is judged rightly: %s', async (_, one) => {
    current = one;
    const { port } = server.address() as AddressInfo;
    const memory = createFailureMemory();
    const asked: string[] = [];
    const attempt = async (provider: string): Promise<unknown> => {
      asked.push(provider);
      if (provider === 'second') return 'answered';
      if (one.thrownBy === undefined) return fetch(`http://127.0.0.1:${port}`);
      throw errorOf(one);
    };
    const run = withFailover({ providers: ['first', 'second'], attempt, memory });
    const result = await run.catch((error: unknown) => error);
    expect(asked).toEqual(one.failsOver ? ['first', 'second'] : ['first']);
    if (one.failsOver) {
      expect(result).toMatchObject({ value: 'answered', provider: 'second' });
    } else if (one.thrownBy === undefined) {
      const { value } = result as { value: Response };
      const expected = typeof one.body === 'string' ? one.body : JSON.stringify(one.body);
      expect(await value.text()).toBe(expected);
    } else {
      expect((result as Error).message).toBe((errorOf(one) as Error).message);
    }
    if (one.category && one.thrownBy !== undefined) expect(one.category).toContain(failureOf(errorOf(one)).category);
    if (one.waitMs) {
      const { retryAfterMs } = failureOf(errorOf(one));
      expect(retryAfterMs).toBeGreaterThanOrEqual(one.waitMs[0]);
      expect(retryAfterMs).toBeLessThanOrEqual(one.waitMs[1]);
    }
  });

  it('is read at the body of an answer, which the caller can still read', async () => {
    current = {
      id: '',
      status: 400,
      body: { error: { code: 'invalid_value', message: 'x'.repeat(200_000) } },
      failsOver: false,
    };
    const { port } = server.address() as AddressInfo;
    const { value } = await withFailover({
      providers: ['first', 'second'],
      attempt: () => fetch(`http://127.0.0.1:${port}`),
    });
    expect(value.status).toBe(400);
    const { error } = (await value.json()) as { error: { message: string } };
    expect(error.message).toHaveLength(200_000);
  });
});
