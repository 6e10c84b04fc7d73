/** Judges real errors of the providers' own SDKs, of fetch and of undici, which local servers cause. */

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { generateText } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { categoryOfStatus } from '../../../lib/failures/status.ts';
import { failureOf, shouldFailOver } from '../../../lib/reader/index.ts';
import { CLOSED } from '../../support/servers/closed.ts';

const KEY = 'sk-live-0123456789abcdefghij';

let server: Server;
let url: string;
/** What the next request is answered with. */
let respond: RequestListener;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => respond(request, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    const isText = typeof body === 'string';
    response
      .writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers })
      .end(isText ? body : JSON.stringify(body));
  };

const hangUp: RequestListener = (request) => request.socket.destroy();
const hang: RequestListener = () => {};
const stream =
  (...lines: string[]): RequestListener =>
  (_, response) =>
    void response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(lines.map((line) => `${line}\n\n`).join(''));

type Call = (signal?: AbortSignal) => Promise<unknown>;

const messages = [{ role: 'user' as const, content: 'hi' }];
const askOpenAi = (options: { stream?: boolean; baseURL?: string; timeout?: number } = {}): Call => {
  return async (signal): Promise<unknown> => {
    const { stream = false, baseURL = url, ...rest } = options;
    const client = new OpenAI({ apiKey: KEY, baseURL, maxRetries: 0, ...rest });
    const body = { model: 'gpt', messages };
    if (!stream) return client.chat.completions.create(body, { ...(signal && { signal }) });
    for await (const _ of await client.chat.completions.create({ ...body, stream: true })) {
      // Only its end is of interest.
    }
    return null;
  };
};
const askClaude = (options: { stream?: boolean; baseURL?: string } = {}): Call => {
  return async (signal): Promise<unknown> => {
    const client = new Anthropic({ apiKey: KEY, authToken: null, baseURL: options.baseURL ?? url, maxRetries: 0 });
    const body = { model: 'claude', messages, max_tokens: 1 };
    if (!options.stream) return client.messages.create(body, { ...(signal && { signal }) });
    for await (const _ of await client.messages.create({ ...body, stream: true })) {
      // Only its end is of interest.
    }
    return null;
  };
};
const askGemini = (baseUrl = () => url): Call => {
  return (signal) =>
    new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: baseUrl() } }).models.generateContent({
      model: 'gemini',
      contents: 'hi',
      config: { ...(signal && { abortSignal: signal }) },
    });
};
const askAiSdk: Call = (signal) =>
  generateText({
    model: createOpenAICompatible({ name: 'any', apiKey: KEY, baseURL: url })('gpt'),
    prompt: 'hi',
    maxRetries: 1,
    ...(signal && { abortSignal: signal }),
  });
const askFetch: Call = async (signal) => {
  const response = await fetch(url, { ...(signal && { signal }) });
  if (!response.ok) throw response;
  return response.json();
};

async function errorOf(listener: RequestListener, call: Call, signal?: AbortSignal): Promise<unknown> {
  respond = listener;
  try {
    await call(signal);
  } catch (error) {
    return error;
  }
  throw new Error('expected an error, got an answer');
}

const openAiError = (code: string | null, type = 'invalid_request_error') => ({
  error: { message: `Something about ${KEY}`, type, param: null, code },
});
const claudeError = (type: string, details?: Record<string, unknown>) => ({
  type: 'error',
  error: { type, message: `Something about ${KEY}`, ...(details && { details }) },
});
const geminiError = (code: number, status: string, reason?: string) => ({
  error: { code, message: `Something about ${KEY}`, status, ...(reason && { details: [{ reason }] }) },
});

type Case = [string, RequestListener, Call, Partial<ReturnType<typeof failureOf>>];

const openAi = askOpenAi();
const closed: Call = () => askOpenAi({ baseURL: `http://${CLOSED}` })();
const claude = askClaude();
const gemini = askGemini();

const PROVIDERS_OWN: Case[] = [
  [
    'openai: a wrong key',
    answer(401, openAiError('invalid_api_key')),
    openAi,
    { category: 'auth', statusCode: 401, code: 'invalid_api_key' },
  ],
  [
    'openai: no credit',
    answer(429, openAiError('insufficient_quota', 'insufficient_quota')),
    openAi,
    { category: 'quota', statusCode: 429 },
  ],
  [
    'openai: too many requests',
    answer(429, openAiError('rate_limit_exceeded', 'requests'), { 'retry-after': '7' }),
    openAi,
    { category: 'rate_limited', retryAfterMs: 7000 },
  ],
  [
    'openai: grew too fast, with a 503',
    answer(503, openAiError('slow_down', 'rate_limit_error')),
    openAi,
    { category: 'rate_limited' },
  ],
  ['openai: an unknown model', answer(404, openAiError('model_not_found')), openAi, { category: 'model_not_found' }],
  [
    'openai: a server error',
    answer(500, openAiError(null, 'server_error')),
    openAi,
    { category: 'server_error', statusCode: 500, code: null },
  ],
  [
    'openai: a bad gateway with a page',
    answer(502, '<html>Bad gateway</html>'),
    openAi,
    { category: 'server_error', statusCode: 502 },
  ],
  ['openai: overloaded', answer(503, openAiError('server_is_overloaded')), openAi, { category: 'overloaded' }],
  ['openai: a connection that breaks', hangUp, openAi, { category: 'connect', statusCode: null }],
  ['openai: nothing listens', hang, closed, { category: 'connect', code: 'ECONNREFUSED' }],
  ['openai: its own timeout', hang, askOpenAi({ timeout: 20 }), { category: 'timeout' }],
  [
    'openai: an error in the middle of a stream',
    stream(`data: ${JSON.stringify({ error: { message: 'x', type: 'server_error' } })}`),
    askOpenAi({ stream: true }),
    { category: 'server_error', statusCode: null },
  ],
  [
    'glm: no balance',
    answer(429, { error: { code: '1113', message: 'x' } }),
    openAi,
    { category: 'quota', code: '1113' },
  ],
  ['glm: a busy model', answer(429, { error: { code: '1305', message: 'x' } }), openAi, { category: 'overloaded' }],
  [
    'mistral: no payment',
    answer(402, { object: 'error', message: 'x', type: 'x', code: '3000' }),
    openAi,
    { category: 'quota' },
  ],
  ['claude: a wrong key', answer(401, claudeError('authentication_error')), claude, { category: 'auth' }],
  ['claude: a bill', answer(402, claudeError('billing_error')), claude, { category: 'quota', code: 'billing_error' }],
  [
    'claude: a spend limit',
    answer(429, claudeError('rate_limit_error', { error_code: 'enforced_spend_limit_reached' })),
    claude,
    { category: 'quota' },
  ],
  [
    'claude: a limit of a minute',
    answer(429, claudeError('rate_limit_error'), { 'retry-after': '30' }),
    claude,
    { category: 'rate_limited', retryAfterMs: 30_000 },
  ],
  [
    'claude: overloaded',
    answer(529, claudeError('overloaded_error')),
    claude,
    { category: 'overloaded', statusCode: 529 },
  ],
  ['claude: a retired model', answer(404, claudeError('not_found_error')), claude, { category: 'model_not_found' }],
  ['claude: an upstream timeout', answer(504, claudeError('timeout_error')), claude, { category: 'server_error' }],
  [
    'claude: overloaded in the middle of a stream',
    stream(`event: error\ndata: ${JSON.stringify(claudeError('overloaded_error'))}`),
    askClaude({ stream: true }),
    { category: 'overloaded', statusCode: null },
  ],
  ['claude: a connection that breaks', hangUp, claude, { category: 'connect' }],
  [
    'gemini: a wrong key, with a 400',
    answer(400, geminiError(400, 'INVALID_ARGUMENT', 'API_KEY_INVALID')),
    gemini,
    { category: 'auth', statusCode: 400 },
  ],
  ['gemini: no permission', answer(403, geminiError(403, 'PERMISSION_DENIED')), gemini, { category: 'auth' }],
  [
    'gemini: prepaid credit used up',
    answer(402, geminiError(402, 'RESOURCE_EXHAUSTED')),
    gemini,
    { category: 'quota' },
  ],
  ['gemini: billing off', answer(400, geminiError(400, 'FAILED_PRECONDITION')), gemini, { category: 'quota' }],
  ['gemini: a limit', answer(429, geminiError(429, 'RESOURCE_EXHAUSTED')), gemini, { category: 'rate_limited' }],
  ['gemini: an unknown model', answer(404, geminiError(404, 'NOT_FOUND')), gemini, { category: 'model_not_found' }],
  ['gemini: overloaded', answer(503, geminiError(503, 'UNAVAILABLE')), gemini, { category: 'overloaded' }],
  ['gemini: an internal error', answer(500, geminiError(500, 'INTERNAL')), gemini, { category: 'server_error' }],
  ['gemini: a connection that breaks', hangUp, gemini, { category: 'connect' }],
  ['gemini: a page instead of an answer', answer(200, '<html>'), gemini, { category: 'invalid_response' }],
  [
    'the AI SDK: a server error, after it tried twice',
    answer(500, openAiError(null)),
    askAiSdk,
    { category: 'server_error', statusCode: 500 },
  ],
  [
    'the AI SDK: no credit',
    answer(429, openAiError('insufficient_quota'), { 'retry-after-ms': '5' }),
    askAiSdk,
    { category: 'quota', retryAfterMs: 5 },
  ],
  ['the AI SDK: a wrong key', answer(401, openAiError('invalid_api_key')), askAiSdk, { category: 'auth' }],
  [
    'fetch: an answer that is not ok',
    answer(503, {}, { 'retry-after': '2' }),
    askFetch,
    { category: 'overloaded', statusCode: 503, retryAfterMs: 2000 },
  ],
  ['fetch: a connection that breaks', hangUp, askFetch, { category: 'connect', code: 'UND_ERR_SOCKET' }],
  ['fetch: a name that does not resolve', hang, () => fetch('http://missing.invalid'), { category: 'dns' }],
  ['fetch: no TLS there', hang, () => fetch(url.replace('http', 'https')), { category: 'tls' }],
  ['fetch: a page instead of JSON', answer(200, '<html>'), askFetch, { category: 'invalid_response' }],
  [
    'fetch: a body that breaks off',
    (_, response) => response.write('{"a', () => response.destroy()),
    askFetch,
    { category: 'connect' },
  ],
];

const REQUESTS_OWN: Case[] = [
  ['openai: a malformed request', answer(400, openAiError(null)), openAi, { category: 'bad_request', statusCode: 400 }],
  ['openai: a request that cannot be processed', answer(422, openAiError(null)), openAi, { category: 'bad_request' }],
  [
    'claude: a malformed request',
    answer(400, claudeError('invalid_request_error')),
    claude,
    { category: 'bad_request' },
  ],
  [
    'claude: a request that is too large',
    answer(413, claudeError('request_too_large')),
    claude,
    { category: 'bad_request' },
  ],
  [
    'gemini: a malformed request',
    answer(400, geminiError(400, 'INVALID_ARGUMENT')),
    gemini,
    { category: 'bad_request' },
  ],
  ['the AI SDK: a malformed request', answer(400, openAiError(null)), askAiSdk, { category: 'bad_request' }],
  ['fetch: a malformed request', answer(400, {}), askFetch, { category: 'bad_request' }],
];

describe("an error that is the provider's own", () => {
  it.each(PROVIDERS_OWN)('%s: is recognised, and worth another provider', async (_, listener, call, expected) => {
    const error = await errorOf(listener, call);
    expect(failureOf(error)).toMatchObject(expected);
    expect(shouldFailOver(error)).toBe(true);
    expect(JSON.stringify(failureOf(error))).not.toContain('0123456789');
  });

  it.each([
    ['openai', openAi],
    ['@anthropic-ai/sdk', claude],
    ['@google/genai', gemini],
    ['the AI SDK', askAiSdk],
    ['fetch', askFetch],
  ])('is a timeout for %s when its signal is one', async (_, call) => {
    const error = await errorOf(hang, call, AbortSignal.timeout(20));
    expect(failureOf(error)).toMatchObject({ category: 'timeout', statusCode: null });
    expect(shouldFailOver(error)).toBe(true);
  });

  it.each([
    ['Bedrock throttles', { name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } }, 'rate_limited'],
    ['Bedrock denies', { name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } }, 'auth'],
    ['Cohere is down', { name: 'CohereError', statusCode: 503, body: { message: 'x' } }, 'overloaded'],
    [
      'axios sees a 500',
      { code: 'ERR_BAD_RESPONSE', response: { status: 500, data: {}, headers: {} } },
      'server_error',
    ],
    ['axios sees a wrong key', { response: { status: 400, data: { error: { code: 'invalid_api_key' } } } }, 'auth'],
  ])('is recognised by its fields when %s', (_, fields, category) => {
    const error = Object.assign(new Error('something'), fields);
    expect(failureOf(error).category).toBe(category);
    expect(shouldFailOver(error)).toBe(true);
  });
});

describe('an error that another provider would not mend', () => {
  it.each(REQUESTS_OWN)('%s', async (_, listener, call, expected) => {
    const error = await errorOf(listener, call);
    expect(failureOf(error)).toMatchObject(expected);
    expect(shouldFailOver(error)).toBe(false);
  });

  it.each([
    ['a bug', () => (undefined as unknown as { a: string }).a],
    ['a misspelt name', () => new Function('return nowhere')()],
  ])('%s', (_, run) => {
    let error: unknown;
    try {
      run();
    } catch (thrown) {
      error = thrown;
    }
    expect(failureOf(error).category).toBeNull();
    expect(shouldFailOver(error)).toBe(false);
  });
});

describe('an error that nothing is known of', () => {
  it.each([new Error('overloaded, 503'), 'a text', null, undefined, 503, {}, Object.create(null)])(
    '%j is worth another provider',
    (error) => {
      expect(failureOf(error)).toEqual({ category: null, statusCode: null, code: null, retryAfterMs: null });
      expect(shouldFailOver(error)).toBe(true);
    },
  );

  it('is not judged by the wording of its message', () => {
    expect(failureOf(new Error('429 insufficient_quota: bad request')).category).toBeNull();
  });

  it('does not hang on causes in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(failureOf(error).category).toBeNull();
  });
});

describe('the codes that a router decides by', () => {
  it.each([
    ['API_KEY_INVALID', 400],
    ['FAILED_PRECONDITION', 400],
    ['ServiceQuotaExceededException', 400],
    ['Arrearage', 400],
    ['1211', 400],
    ['1221', 400],
    ['1222', 400],
    ['1220', 434],
  ])('say that %s is worth another provider, though its status %i is not', (code, status) => {
    expect(shouldFailOver({ status })).toBe(false);
    expect(shouldFailOver({ status, error: { code } })).toBe(true);
  });

  it.each([200, 201, 301, 400, 401, 402, 403, 404, 408, 409, 413, 422, 424, 429, 500, 502, 503, 504, 524, 529])(
    'leave status %i to what the probes make of it',
    (status) => {
      expect(failureOf({ status }).category).toBe(categoryOfStatus(status));
    },
  );
});
