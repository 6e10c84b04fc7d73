import { afterEach, describe, expect, test } from 'vitest';
import { isProviderId } from '../../../lib/health/provider.ts';
import { FAILURES, type Failure } from '../../../lib/local/simulator/behaviour.ts';
import { behaviours } from '../../../lib/local/simulator/behaviours.ts';
import { seededRandom } from '../../../lib/local/simulator/random.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../lib/local/simulator/simulator.ts';

const NOON = new Date('2026-11-24T12:00:00.000Z');
const PROMPT = [{ role: 'user', content: 'Reply with: ok' }];

/** The smallest request of each API, and where it goes below the base URL. */
const REQUESTS = {
  openai: { path: '/chat/completions', body: { model: 'gpt-6-luna', max_completion_tokens: 16, messages: PROMPT } },
  claude: { path: '/v1/messages', body: { model: 'claude-haiku-5-5', max_tokens: 1, messages: PROMPT } },
  glm: { path: '/chat/completions', body: { model: 'glm-4.7-flashx', max_tokens: 1, messages: PROMPT } },
  gemini: {
    path: '/v1beta/models/gemini-3.5-flash-lite:generateContent',
    body: {
      contents: [{ role: 'user', parts: [{ text: 'Reply with: ok' }] }],
      generationConfig: { maxOutputTokens: 1 },
    },
  },
  cohere: { path: '/v2/chat', body: { model: 'command-r7b-12-2024', max_tokens: 1, messages: PROMPT } },
  'mistral-flaky': {
    path: '/chat/completions',
    body: { model: 'ministral-3b-latest', max_tokens: 16, messages: PROMPT },
  },
  'xai-rate-limited': {
    path: '/chat/completions',
    body: { model: 'grok-4.3', max_completion_tokens: 16, messages: PROMPT },
  },
  'openrouter-wrong-key': {
    path: '/chat/completions',
    body: { model: 'mistralai/mistral-nemo', max_completion_tokens: 16, messages: PROMPT },
  },
  'groq-streaming': {
    path: '/chat/completions',
    body: { model: 'openai/gpt-oss-20b', max_completion_tokens: 16, messages: PROMPT },
  },
} satisfies Record<string, { path: string; body: Record<string, unknown> }>;

type Asked = keyof typeof REQUESTS;

let simulator: Simulator;
let delays: number[];

afterEach(() => simulator.close());

/** A simulator that answers at once and records the response times it should have had. */
async function start(options: SimulatorOptions = {}): Promise<void> {
  delays = [];
  simulator = await startSimulator({
    now: () => NOON,
    random: seededRandom(1),
    delay: async (ms) => delays.push(ms),
    ...options,
  });
}

function baseUrlOf(id: string): string {
  return simulator.providers.find((provider) => provider.id === id)?.baseUrl ?? `no provider ${id}`;
}

/** The headers of every API, each carrying the provider's key. */
function headersOf(id: Asked, key = keyOf(id)): Record<string, string> {
  return { authorization: `Bearer ${key}`, 'x-api-key': key, 'x-goog-api-key': key, 'anthropic-version': '2023-06-01' };
}

function keyOf(id: Asked): string {
  const reference = simulator.providers.find((provider) => provider.id === id)?.apiKey ?? '';
  return simulator.env[reference.replace(/^env:/, '')] ?? `no key of ${id}`;
}

function ask(
  id: Asked,
  changes: Record<string, unknown> = {},
  path: string = REQUESTS[id].path,
  headers = headersOf(id),
): Promise<Response> {
  const body = JSON.stringify({ ...REQUESTS[id].body, ...changes });
  return fetch(`${baseUrlOf(id)}${path}`, { method: 'POST', headers, body });
}

describe('the fleet', () => {
  test('has at least ten providers of all five API families, with ids that may be used', async () => {
    await start();
    const { providers } = simulator;
    expect(providers.length).toBeGreaterThanOrEqual(10);
    expect(new Set(providers.map(({ id }) => id)).size).toBe(providers.length);
    expect(providers.filter(({ id }) => !isProviderId(id))).toEqual([]);
    expect(providers.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['openai', 'claude', 'glm', 'gemini', 'cohere']),
    );
    expect(providers.filter(({ probe }) => probe === 'stream')).not.toEqual([]);
  });

  test('lives on loopback', async () => {
    await start();
    expect(simulator.providers.map(({ baseUrl }) => new URL(baseUrl).hostname)).toEqual(
      simulator.providers.map(() => '127.0.0.1'),
    );
  });
});

describe('a good answer', () => {
  test.each<{ id: Asked; body: unknown; header: [string, RegExp] }>([
    {
      id: 'openai',
      header: ['x-request-id', /^req_[0-9a-f]{24}$/],
      body: {
        id: expect.stringMatching(/^chatcmpl-/),
        object: 'chat.completion',
        created: NOON.getTime() / 1000,
        model: 'gpt-6-luna',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'ok', refusal: null },
            finish_reason: 'stop',
            logprobs: null,
          },
        ],
        usage: { prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 },
      },
    },
    {
      id: 'claude',
      header: ['request-id', /^req_/],
      body: {
        type: 'message',
        role: 'assistant',
        model: 'claude-haiku-5-5',
        content: [{ type: 'text', text: 'ok' }],
        stop_reason: 'max_tokens',
        usage: { input_tokens: 11, output_tokens: 1 },
      },
    },
    {
      id: 'glm',
      header: ['content-type', /json/],
      body: { request_id: expect.any(String), choices: [{ finish_reason: 'length', message: { content: 'ok' } }] },
    },
    {
      id: 'gemini',
      header: ['content-type', /json/],
      body: {
        candidates: [{ finishReason: 'MAX_TOKENS', content: { role: 'model', parts: [{ text: 'ok' }] } }],
        usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 1, totalTokenCount: 12 },
        modelVersion: 'gemini-3.5-flash-lite',
        responseId: expect.any(String),
      },
    },
    {
      id: 'cohere',
      header: ['content-type', /json/],
      body: {
        id: expect.any(String),
        finish_reason: 'MAX_TOKENS',
        message: { role: 'assistant', content: [{ type: 'text', text: 'ok' }] },
        usage: { tokens: { input_tokens: 11, output_tokens: 1 } },
      },
    },
    {
      id: 'groq-streaming',
      header: ['content-type', /json/],
      // A model that always thinks: its thoughts use up the cap.
      body: {
        choices: [{ finish_reason: 'length', message: { content: '', reasoning: 'We need to reply' } }],
        usage: { completion_tokens: 16 },
      },
    },
  ])('of $id is what its API says', async ({ id, body, header: [name, value] }) => {
    await start();
    simulator.set(id, behaviours.fast());
    const response = await ask(id);
    expect(response.status).toBe(200);
    expect(response.headers.get(name)).toMatch(value);
    expect(await response.json()).toMatchObject(body as Record<string, unknown>);
  });

  test.each<{ id: Asked; path: string; list: string }>([
    { id: 'openai', path: '/models', list: 'data' },
    { id: 'claude', path: '/v1/models?limit=1', list: 'data' },
    { id: 'glm', path: '/models', list: 'data' },
    { id: 'gemini', path: '/v1beta/models?pageSize=1', list: 'models' },
    { id: 'cohere', path: '/v1/models', list: 'models' },
  ])('of $id to a model list has its models', async ({ id, path, list }) => {
    await start();
    const response = await fetch(`${baseUrlOf(id)}${path}`, { headers: headersOf(id) });
    expect(response.status).toBe(200);
    const body = (await response.json()) as Record<string, unknown[]>;
    expect(JSON.stringify(body[list])).toContain(simulator.providers.find((provider) => provider.id === id)?.model);
  });
});

describe('a streamed answer', () => {
  test.each<{ id: Asked; path?: string; events: RegExp[] }>([
    {
      id: 'openai',
      events: [
        /"delta":\{"role":"assistant"/,
        /"delta":\{"content":"ok"\}/,
        /"finish_reason":"stop"/,
        /^data: \[DONE\]$/,
      ],
    },
    { id: 'glm', events: [/"role":"assistant"/, /"content":"ok"/, /"finish_reason":"length"/, /^data: \[DONE\]$/] },
    {
      id: 'groq-streaming',
      events: [/"role":"assistant"/, /"delta":\{"reasoning":"We/, /"finish_reason":"length"/, /^data: \[DONE\]$/],
    },
    {
      id: 'claude',
      events: [
        /^event: message_start\n/,
        /^event: content_block_start\n/,
        /^event: ping\n/,
        /^event: content_block_delta\n.*"text_delta","text":"ok"/,
        /^event: content_block_stop\n/,
        /^event: message_delta\n.*"stop_reason":"max_tokens"/,
        /^event: message_stop\n/,
      ],
    },
    {
      id: 'gemini',
      path: '/v1beta/models/gemini-3.5-flash-lite:streamGenerateContent?alt=sse',
      events: [/"parts":\[\{"text":"ok"\}\]/, /"finishReason":"MAX_TOKENS"/],
    },
    {
      id: 'cohere',
      events: [
        /"type":"message-start"/,
        /"type":"content-start"/,
        /"type":"content-delta".*"text":"ok"/,
        /"type":"content-end"/,
        /"type":"message-end".*"finish_reason":"MAX_TOKENS"/,
        /^data: \[DONE\]$/,
      ],
    },
  ])('of $id has the events of its API in their order', async ({ id, path, events }) => {
    await start();
    const response = await ask(id, { stream: true }, path);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const received = (await response.text()).trimEnd().split('\n\n');
    expect(received).toEqual(events.map((event) => expect.stringMatching(event)));
  });

  test('says how many tokens it used when it was asked to', async () => {
    await start();
    const response = await ask('openai', { stream: true, stream_options: { include_usage: true } });
    expect(await response.text()).toMatch(/"choices":\[\],"usage":\{"prompt_tokens":11,.*\n\ndata: \[DONE\]\n\n$/);
  });

  test('comes in three parts that add up to its response time', async () => {
    await start();
    await (await ask('openai')).text();
    await (await ask('openai', { stream: true })).text();
    const [whole = 0, ...parts] = delays;
    expect(whole).toBeGreaterThan(0);
    expect(parts).toHaveLength(3);
    const total = parts.reduce((sum, part) => sum + part, 0);
    expect(total).toBeCloseTo(Math.round(total), 6);
  });
});

describe('a failure', () => {
  const cases: Record<string, Record<Failure, [statusCode: number, words: RegExp]>> = {
    openai: {
      auth: [401, /"code":"invalid_api_key"/],
      quota: [429, /"type":"insufficient_quota"/],
      rate_limited: [429, /"code":"rate_limit_exceeded"/],
      overloaded: [503, /"code":"server_is_overloaded"/],
      server_error: [500, /"type":"server_error"/],
      model_not_found: [404, /"code":"model_not_found"/],
      bad_request: [400, /"type":"invalid_request_error"/],
    },
    claude: {
      auth: [401, /^\{"type":"error","error":\{"type":"authentication_error"/],
      quota: [402, /"billing_error"/],
      rate_limited: [429, /"rate_limit_error"/],
      overloaded: [529, /"overloaded_error"/],
      server_error: [500, /"api_error"/],
      model_not_found: [404, /"not_found_error"/],
      bad_request: [400, /"invalid_request_error".*"request_id":"req_/],
    },
    glm: {
      auth: [401, /"code":"1002"/],
      quota: [429, /"code":"1113"/],
      rate_limited: [429, /"code":"1302"/],
      overloaded: [429, /"code":"1305"/],
      server_error: [500, /"code":"1234"/],
      model_not_found: [400, /"code":"1211"/],
      bad_request: [400, /"code":"1210"/],
    },
    gemini: {
      auth: [400, /"status":"INVALID_ARGUMENT".*"reason":"API_KEY_INVALID"/],
      quota: [402, /"status":"RESOURCE_EXHAUSTED"/],
      rate_limited: [429, /"status":"RESOURCE_EXHAUSTED".*PerMinute.*"retryDelay":"17s"/],
      overloaded: [503, /"status":"UNAVAILABLE"/],
      server_error: [500, /"status":"INTERNAL"/],
      model_not_found: [404, /"status":"NOT_FOUND"/],
      bad_request: [400, /"status":"INVALID_ARGUMENT"/],
    },
    cohere: {
      auth: [401, /^\{"id":"[^"]+","message":"invalid api token"\}$/],
      quota: [402, /"message"/],
      rate_limited: [429, /"message"/],
      overloaded: [503, /"message"/],
      server_error: [500, /"message"/],
      model_not_found: [404, /"message"/],
      bad_request: [400, /"message"/],
    },
    'mistral-flaky': {
      auth: [401, /"detail"/],
      quota: [402, /^\{"object":"error"/],
      rate_limited: [429, /^\{"object":"error"/],
      overloaded: [503, /^\{"object":"error"/],
      server_error: [500, /^\{"object":"error"/],
      model_not_found: [404, /^\{"object":"error"/],
      bad_request: [422, /^\{"detail":\[/],
    },
    'openrouter-wrong-key': {
      auth: [401, /^\{"error":\{"code":401,/],
      quota: [402, /"code":402/],
      rate_limited: [429, /"code":429/],
      overloaded: [529, /"code":529/],
      server_error: [502, /"code":502/],
      model_not_found: [404, /"code":404/],
      bad_request: [400, /"code":400/],
    },
    'xai-rate-limited': {
      auth: [400, /"error":"Incorrect API key/],
      quota: [403, /"error":"Your team has used all/],
      rate_limited: [429, /"error":"Too many requests/],
      overloaded: [503, /"error":"Service temporarily/],
      server_error: [500, /"error":"Internal/],
      model_not_found: [404, /"error":"The model/],
      bad_request: [400, /"error":"Invalid request/],
    },
  };

  test.each(Object.keys(cases) as Asked[])(
    'of %s has the status and the words of its API, for each kind',
    async (id) => {
      await start();
      for (const failure of FAILURES) {
        simulator.set(id, behaviours.failing(failure, 17));
        const response = await ask(id);
        const [statusCode, words] = cases[id]?.[failure] ?? [];
        expect([failure, response.status]).toEqual([failure, statusCode]);
        expect(await response.text()).toMatch(words ?? /never/);
      }
    },
  );

  test.each<{ id: Asked; header: string | null }>([
    { id: 'openai', header: '17' },
    { id: 'claude', header: '17' },
    { id: 'cohere', header: '17' },
    // Google has no such header: the wait is in the body.
    { id: 'gemini', header: null },
  ])('of $id by a rate limit has retry-after $header', async ({ id, header }) => {
    await start();
    simulator.set(id, behaviours.rateLimited(17));
    expect((await ask(id)).headers.get('retry-after')).toBe(header);
  });

  test.each<{
    name: string;
    id: Asked;
    changes: Record<string, unknown>;
    path?: string;
    status: number;
    words: RegExp;
  }>([
    { name: 'a model that it does not have', id: 'openai', changes: { model: 'gpt-2' }, status: 404, words: /gpt-2/ },
    { name: 'the old name of the cap', id: 'openai', changes: { max_tokens: 1 }, status: 400, words: /max_completion/ },
    { name: 'the new name of the cap', id: 'glm', changes: { max_completion_tokens: 1 }, status: 400, words: /1210/ },
    {
      name: 'a path that is not there',
      id: 'openai',
      changes: {},
      path: '/completion',
      status: 400,
      words: /Invalid URL/,
    },
    { name: 'no messages', id: 'cohere', changes: { messages: [] }, status: 400, words: /messages/ },
    { name: 'no cap', id: 'claude', changes: { max_tokens: undefined }, status: 400, words: /max_tokens/ },
    { name: 'sampling', id: 'claude', changes: { temperature: 0 }, status: 400, words: /temperature/ },
    {
      name: 'an assistant turn last',
      id: 'claude',
      changes: { messages: [...PROMPT, { role: 'assistant', content: 'ok' }] },
      status: 400,
      words: /prefill/,
    },
    {
      name: 'a model that it does not have',
      id: 'gemini',
      changes: {},
      path: '/v1beta/models/gemini-1:generateContent',
      status: 404,
      words: /gemini-1/,
    },
  ])('of $id answers $name, as its API does', async ({ id, changes, path, status, words }) => {
    await start();
    const response = await ask(id, changes, path);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(words);
  });

  test.each<{ id: Asked; status: number; keys: string[] }>([
    { id: 'openai', status: 401, keys: ['authorization'] },
    { id: 'claude', status: 401, keys: ['x-api-key', 'authorization'] },
    { id: 'glm', status: 401, keys: ['authorization'] },
    { id: 'gemini', status: 400, keys: ['x-goog-api-key'] },
    { id: 'cohere', status: 401, keys: ['authorization'] },
  ])('of $id answers $status to a wrong key, and to none in $keys', async ({ id, status, keys }) => {
    await start();
    const wrong = await ask(id, {}, undefined, headersOf(id, 'another'));
    const others = Object.fromEntries(Object.entries(headersOf(id)).filter(([name]) => !keys.includes(name)));
    const none = await ask(id, {}, undefined, others);
    expect([wrong.status, none.status]).toEqual([status, status]);
  });

  test('answers 200 with a web page when it behaves so', async () => {
    await start();
    simulator.set('openai', behaviours.html());
    const response = await ask('openai');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await response.text()).toMatch(/^<!doctype html>/);
  });

  test('closes the connection when it drops', async () => {
    await start();
    simulator.set('openai', behaviours.dropping());
    await expect(ask('openai')).rejects.toThrow();
  });
});

describe('the control surface', () => {
  test('shows the requests that a provider received, the newest 100', async () => {
    await start();
    await ask('openai');
    expect(simulator.requests('openai')).toEqual([
      { at: NOON.toISOString(), method: 'POST', path: '/chat/completions', body: REQUESTS.openai.body },
    ]);
    expect(simulator.requests('claude')).toEqual([]);
    for (let index = 0; index < 101; index++) await (await ask('openai', { n: index })).text();
    expect(simulator.requests('openai')).toHaveLength(100);
    expect(simulator.requests('openai').at(-1)?.body).toMatchObject({ n: 100 });
  });

  test('a script starts at its first step when it is set', async () => {
    let now = NOON;
    await start({ now: () => now });
    now = new Date(NOON.getTime() + 3_599_000);
    simulator.set(
      'openai',
      behaviours.script({ seconds: 2, behaviour: behaviours.down() }, { seconds: 60, behaviour: behaviours.fast() }),
    );
    expect((await ask('openai')).status).toBe(503);
    now = new Date(now.getTime() + 2_000);
    expect((await ask('openai')).status).toBe(200);
  });

  test('names the providers there are when asked for another', async () => {
    await start();
    expect(() => simulator.set('opena', behaviours.down())).toThrow(/expected one of openai, claude.*got "opena"/);
    expect(() => simulator.requests('opena')).toThrow(/got "opena"/);
    const response = await fetch(new URL('/opena/v1/models', baseUrlOf('openai')));
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(/got "opena"/);
  });

  test('gives the same answers again with the same chance, whichever provider is asked first', async () => {
    const play = async (order: Asked[]) => {
      await start();
      const answers = new Map<string, string>();
      for (const id of order) {
        simulator.set(id, behaviours.flaky(0.5));
        answers.set(id, await (await ask(id)).text());
      }
      await simulator.close();
      return [...answers].sort(([a], [b]) => a.localeCompare(b));
    };
    expect(await play(['openai', 'claude', 'cohere'])).toEqual(await play(['claude', 'cohere', 'openai']));
  });

  test('closes while a request hangs and another waits for its answer', async () => {
    let startsToWait = () => {};
    const waiting = new Promise<void>((resolve) => {
      startsToWait = resolve;
    });
    await start({
      delay: (_ms, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          startsToWait();
        }),
    });
    simulator.set('claude', behaviours.hanging());
    const outcomes = Promise.allSettled([ask('claude'), ask('openai')]);
    await waiting;
    await simulator.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
