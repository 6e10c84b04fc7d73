/** Failover of the streams that people use: each SDK as it is, against a server that fails at each point of a stream. */

import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { streamText } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AttemptContext,
  createFailureMemory,
  type StreamFailedError,
  type StreamStalledError,
  withFailover,
} from '../../../lib/reader/index.ts';
import { type TestClock, testClock } from '../support.ts';

type Script = (response: ServerResponse) => void;

/** The behaviour of the first provider. The second always answers. */
let script: Script;
let asked: string[];
let clock: TestClock;
let server: Server;
let url: string;

const chat = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const ROLE = chat({ role: 'assistant', content: '' });
const event = (one: { type: string }) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`;
const MESSAGE_START = event({
  type: 'message_start',
  message: {
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    usage: { input_tokens: 1, output_tokens: 1 },
  },
} as { type: string });
const text = (part: string) =>
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: part } } as { type: string });

function stream(response: ServerResponse, ...parts: string[]): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const part of parts) response.write(part);
  return response;
}

const busy: Script = (response) =>
  void response
    .writeHead(503, { 'content-type': 'application/json', 'retry-after': '7' })
    .end('{"error":{"message":"busy"}}');
const roleThenError: Script = (response) =>
  void stream(response, ROLE, 'data: {"error":{"message":"overloaded","type":"overloaded_error"}}\n\n').end();
/** As OpenRouter says that the provider failed. */
const roleThenErrorInChoices: Script = (response) => {
  const error = { code: 502, message: 'Provider disconnected' };
  const choices = [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'error' }];
  const chunk = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', provider: 'p', error, choices };
  stream(response, ROLE, `data: ${JSON.stringify(chunk)}\n\n`).end();
};
const roleThenSilence: Script = (response) => void stream(response, ROLE);
const helloThenSilence: Script = (response) => void stream(response, ROLE, chat({ content: 'Hello' }));
const helloThenGone: Script = (response) =>
  void stream(response, ROLE, chat({ content: 'Hello' })).write(chat({ content: ' again' }), () =>
    setImmediate(() => response.destroy()),
  );
const complete: Script = (response) =>
  void stream(response, ROLE, chat({ content: 'fine' }), chat({}, 'stop'), 'data: [DONE]\n\n').end();

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const provider = request.url?.split('/')[1] ?? '';
    asked.push(provider);
    if (provider === 'first') return script(response);
    if (!request.url?.endsWith('/messages')) return complete(response);
    stream(response, MESSAGE_START, text('fine'), event({ type: 'message_stop' })).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
});

beforeEach(() => {
  asked = [];
  clock = testClock();
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const IDS = ['first', 'second'] as const;
type Provider = (typeof IDS)[number];

function over<T>(attempt: (provider: Provider, context: AttemptContext) => T | Promise<T>, options = {}) {
  return withFailover<Provider, T>({ providers: IDS, clock, memory: createFailureMemory(), attempt, ...options });
}

const aiSdk = (provider: Provider, { signal }: AttemptContext) =>
  streamText({
    model: createOpenAICompatible({ name: provider, baseURL: `${url}/${provider}` }).chatModel('m'),
    prompt: 'hi',
    abortSignal: signal,
    maxRetries: 0,
    onError: () => {},
  });

const openai = (provider: Provider, { signal }: AttemptContext) =>
  new OpenAI({ apiKey: 'k', baseURL: `${url}/${provider}`, maxRetries: 0 }).chat.completions.create(
    { model: 'm', messages: [], stream: true },
    { signal },
  );

const anthropic = (provider: Provider, { signal }: AttemptContext) =>
  new Anthropic({ apiKey: 'k', baseURL: `${url}/${provider}`, maxRetries: 0 }).messages.create(
    { model: 'm', max_tokens: 5, messages: [], stream: true },
    { signal },
  );

const raw = (provider: Provider, { signal }: AttemptContext) =>
  fetch(`${url}/${provider}/chat/completions`, { method: 'POST', body: '{}', signal });

async function all<Chunk>(chunks: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const list: Chunk[] = [];
  for await (const chunk of chunks) list.push(chunk);
  return list;
}

/** How each form of a stream is asked for, and how its text is read. */
const FORMS: [
  string,
  (
    script: Script,
    options?: object,
  ) => Promise<{ provider: Provider; failed: readonly { category: string | null }[]; read: () => Promise<string> }>,
][] = [
  [
    "the AI SDK's textStream",
    async (first, options) => {
      script = first;
      const { value, ...rest } = await over((...args) => aiSdk(...args).textStream, options);
      return { ...rest, read: async () => (await all(value)).join('') };
    },
  ],
  [
    "the AI SDK's fullStream",
    async (first, options) => {
      script = first;
      const { value, ...rest } = await over((...args) => aiSdk(...args).fullStream, options);
      const read = async () => (await all(value)).map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
      return { ...rest, read };
    },
  ],
  [
    'the whole result of streamText',
    async (first, options) => {
      script = first;
      const { value, ...rest } = await over(aiSdk, options);
      return { ...rest, read: async () => await value.text };
    },
  ],
  [
    'toUIMessageStreamResponse',
    async (first, options) => {
      script = first;
      const { value, ...rest } = await over((...args) => aiSdk(...args).toUIMessageStreamResponse(), options);
      const read = async () =>
        [...(await value.text()).matchAll(/"delta":"([^"]*)"/g)].map(([, part]) => part).join('');
      return { ...rest, read };
    },
  ],
  [
    'a stream of openai',
    async (first, options) => {
      script = first;
      const { value, ...rest } = await over(openai, options);
      const read = async () => (await all(value)).map(({ choices }) => choices[0]?.delta.content ?? '').join('');
      return { ...rest, read };
    },
  ],
  [
    'an answer of fetch',
    async (first, options) => {
      script = first;
      const { value, ...rest } = await over(raw, options);
      const read = async () =>
        [...(await value.text()).matchAll(/"content":"([^"]+)"/g)].map(([, part]) => part).join('');
      return { ...rest, read };
    },
  ],
];

describe.each(FORMS)('%s', (_, ask) => {
  it('is passed on completely when it works', async () => {
    const { provider, failed, read } = await ask(complete);
    expect({ provider, failed }).toEqual({ provider: 'first', failed: [] });
    expect(await read()).toBe('fine');
    expect(asked).toEqual(['first']);
  });

  it.each([
    ['answers 503', busy],
    ['has a role and then an error', roleThenError],
    ['has a role and then an error beside choices', roleThenErrorInChoices],
  ])('fails over when it %s', async (_what, first) => {
    const { provider, failed, read } = await ask(first);
    expect(provider).toBe('second');
    expect(failed).toHaveLength(1);
    expect(await read()).toBe('fine');
  });

  it('fails over when it sends nothing after the role', async () => {
    const asking = ask(roleThenSilence, { stallTimeoutMs: 3000, firstTokenTimeoutMs: 20_000 });
    // The first attempt's time, and the silence after the role where the form shows that it came.
    await clock.untilSleeping(1);
    await expect.poll(() => asked).toEqual(['first']);
    await clock.advance(20_000);
    const { provider, failed, read } = await asking;
    expect(provider).toBe('second');
    expect(failed).toMatchObject([{ category: 'timeout' }]);
    expect(await read()).toBe('fine');
  });
});

it.each([
  ['fullStream', (...args: [Provider, AttemptContext]) => aiSdk(...args).fullStream],
  ['openai', openai],
  ['fetch', raw],
])('%s says why it failed over', async (_, attempt) => {
  script = busy;
  const { failed } = await over<unknown>(attempt);
  expect(failed).toMatchObject([{ provider: 'first', category: 'overloaded', statusCode: 503 }]);
});

describe('a stream of @anthropic-ai/sdk', () => {
  it.each<[string, Script]>([
    ['answers 503', busy],
    [
      'begins a message and then fails',
      (response) => {
        const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
        stream(response, MESSAGE_START, event({ type: 'ping' }), event(error)).end();
      },
    ],
  ])('fails over when it %s', async (_, first) => {
    script = first;
    const { value, provider, failed } = await over(anthropic);
    expect({ provider, failed }).toMatchObject({ provider: 'second', failed: [{ category: 'overloaded' }] });
    const parts = await all(value);
    expect(parts.map(({ type }) => type)).toEqual(['message_start', 'content_block_delta', 'message_stop']);
  });
});

describe('a stream that breaks after its first token', () => {
  it.each([
    ['of openai', openai],
    ['of fetch', raw],
  ])('%s throws an error with provider, category and what was delivered', async (_, attempt) => {
    script = helloThenGone;
    const { value } = await over<unknown>(attempt);
    const body = value instanceof Response ? (value.body as unknown as AsyncIterable<unknown>) : value;
    const error = await all(body as AsyncIterable<unknown>).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StreamFailedError', provider: 'first', category: 'connect' });
    expect((error as StreamFailedError).chunks).toBeGreaterThan(0);
    expect((error as StreamFailedError).originalError()).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/^first: the stream failed \(connect\) after \d+ chunks?\.$/);
    expect(asked).toEqual(['first']);
  });

  it('says that it stalled, how long, and what was delivered', async () => {
    script = helloThenSilence;
    const { value } = await over(openai, { stallTimeoutMs: 15_000 });
    const reading = all(value).catch((thrown: unknown) => thrown);
    await clock.untilSleeping();
    await clock.advance(14_999);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    const error = (await reading) as StreamStalledError;
    expect(error).toMatchObject({
      name: 'StreamStalledError',
      provider: 'first',
      category: 'timeout',
      silentMs: 15_000,
      chunks: 2,
      message: 'first: the stream kept silent for 15000 ms after 2 chunks.',
    });
    expect(error.deliveredText()).toBe('Hello');
    expect(JSON.stringify(error)).not.toContain('Hello');
  });

  it('ends the streams of a whole result of streamText that stalled', async () => {
    script = helloThenSilence;
    const { value } = await over(aiSdk, { stallTimeoutMs: 15_000 });
    const reading = all(value.fullStream).catch((thrown: unknown) => thrown);
    await clock.untilSleeping();
    await clock.advance(15_000);
    expect(await reading).toMatchObject({ cause: { name: 'StreamStalledError', provider: 'first' } });
  });

  it('has the provider tried last for a while', async () => {
    script = helloThenGone;
    const memory = createFailureMemory();
    const { value } = await over(openai, { memory });
    await all(value).catch(() => {});
    expect(await over(openai, { memory })).toMatchObject({ provider: 'second' });
  });

  it("passes the caller's own abort as it is", async () => {
    script = helloThenSilence;
    const caller = new AbortController();
    const { value } = await over(openai, { signal: caller.signal });
    const reading = all(value).catch((thrown: unknown) => thrown);
    caller.abort(new Error('the user has left'));
    expect(await reading).not.toMatchObject({ name: 'StreamFailedError' });
  });

  it('closes its connection when the caller leaves a web stream that was never read', async () => {
    let closed = false;
    script = (response) => void stream(response, ROLE, chat({ content: 'Hello' })).on('close', () => (closed = true));
    const { value } = await over(raw);
    await value.body?.cancel();
    await expect.poll(() => closed).toBe(true);
  });
});
