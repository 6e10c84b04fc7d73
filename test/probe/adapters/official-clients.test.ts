/**
 * The probe's requests beside those of the official clients, sent for real to the same server: path, headers and body.
 * Accepted differences are listed with their reasons; any other difference fails.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProbeKind, ProviderConfig, ProviderType } from '../../../lib/health/provider.ts';
import { KEY, probeOnce, targetOf } from '../../support/servers/probing.ts';

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

let server: Server;
let origin: string;
let sent: Sent[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    sent.push(await readRequest(request));
    response.writeHead(500, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  sent = [];
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

async function readRequest(request: IncomingMessage): Promise<Sent> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers as Record<string, string>,
    body: text === '' ? null : JSON.parse(text),
  };
}

async function sentBy(send: () => Promise<unknown>): Promise<Sent> {
  await send().catch(() => {});
  const [first] = sent.splice(0);
  if (first === undefined) throw new Error('expected a request, got none');
  return first;
}

const PROMPT = 'Reply with: ok';
const messages = [{ role: 'user' as const, content: PROMPT }];
const openai = () => new OpenAI({ apiKey: KEY, baseURL: `${origin}/v1`, maxRetries: 0 });
const anthropic = () => new Anthropic({ apiKey: KEY, authToken: null, baseURL: origin, maxRetries: 0 });
const google = () => new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: origin } });
const azure = () => new AzureOpenAI({ apiKey: KEY, baseURL: `${origin}/openai/v1`, apiVersion: 'v1', maxRetries: 0 });

interface Comparison {
  name: string;
  type: ProviderType;
  kind: ProbeKind;
  settings: Partial<ProviderConfig>;
  base: string;
  official: () => Promise<unknown>;
  /** Parts of the official client's request that the probe has not, or has otherwise, and why. */
  differences?: Record<string, string>;
}

const chat = { model: 'gpt-6-luna', messages, max_completion_tokens: 16, reasoning_effort: 'none' as const };

/** The API takes both; so do the servers of others that speak as it does, which is why the older ones are sent. */
const CLAUDE_DIFFERENCES = {
  'headers.anthropic-version': 'version 2023-06-01 is served by all that speak this API; `headers` can set another',
  'headers.authorization': 'the client sends the key as a bearer since its version 1',
  'headers.x-api-key': 'the header that the API documents, and the only one that some of its likes look at',
};

const COMPARISONS: Comparison[] = [
  {
    name: 'openai: a completion',
    type: 'openai',
    kind: 'completion',
    settings: { model: 'gpt-6-luna' },
    base: '/v1',
    official: () => openai().chat.completions.create(chat),
  },
  {
    name: 'openai: a stream',
    type: 'openai',
    kind: 'stream',
    settings: { model: 'gpt-6-luna' },
    base: '/v1',
    official: () =>
      openai().chat.completions.create({ ...chat, stream: true, stream_options: { include_usage: true } }),
    differences: {
      'headers.accept':
        'the client asks for JSON even of a stream; the probe says what it takes, as the API documents it',
    },
  },
  {
    name: 'openai: the list of models',
    type: 'openai',
    kind: 'models',
    settings: { model: 'gpt-6-luna' },
    base: '/v1',
    official: () => openai().models.list(),
  },
  {
    name: 'openai-compatible: a completion',
    type: 'openai-compatible',
    kind: 'completion',
    settings: { model: 'llama' },
    base: '/v1',
    official: () => openai().chat.completions.create({ model: 'llama', messages, max_tokens: 16 }),
  },
  {
    name: 'azure: a completion',
    type: 'azure',
    kind: 'completion',
    settings: { model: 'deployment' },
    base: '/openai/v1',
    official: () => azure().chat.completions.create({ model: 'deployment', messages, max_completion_tokens: 16 }),
    differences: {
      path: 'the client adds api-version=v1, which is what the address without it means',
    },
  },
  {
    name: 'claude: a completion',
    type: 'claude',
    kind: 'completion',
    settings: { model: 'claude-haiku-5-5' },
    base: '',
    official: () =>
      anthropic().messages.create({
        model: 'claude-haiku-5-5',
        max_tokens: 1,
        messages,
        thinking: { type: 'disabled' },
      }),
    differences: CLAUDE_DIFFERENCES,
  },
  {
    name: 'claude: a stream',
    type: 'claude',
    kind: 'stream',
    settings: { model: 'claude-haiku-5-5' },
    base: '',
    official: () =>
      anthropic().messages.create({
        model: 'claude-haiku-5-5',
        max_tokens: 1,
        messages,
        thinking: { type: 'disabled' },
        stream: true,
      }),
    differences: {
      ...CLAUDE_DIFFERENCES,
      'headers.accept':
        'the client asks for JSON even of a stream; the probe says what it takes, as the API documents it',
    },
  },
  {
    name: 'claude: a base URL that ends in /v1',
    type: 'claude',
    kind: 'completion',
    settings: { model: 'claude-haiku-5-5' },
    base: '/v1',
    official: () =>
      anthropic().messages.create({
        model: 'claude-haiku-5-5',
        max_tokens: 1,
        messages,
        thinking: { type: 'disabled' },
      }),
    differences: CLAUDE_DIFFERENCES,
  },
  {
    name: 'claude: the list of models',
    type: 'claude',
    kind: 'models',
    settings: { model: 'claude-haiku-5-5' },
    base: '',
    official: () => anthropic().models.list({ limit: 1 }),
    differences: CLAUDE_DIFFERENCES,
  },
  {
    name: 'gemini: a completion',
    type: 'gemini',
    kind: 'completion',
    settings: { model: 'gemini-3.5-flash-lite' },
    base: '',
    official: () =>
      google().models.generateContent({
        model: 'gemini-3.5-flash-lite',
        contents: PROMPT,
        config: { maxOutputTokens: 1, thinkingConfig: { thinkingLevel: 'MINIMAL' as never } },
      }),
    differences: { 'headers.accept': 'the client takes anything; the probe says that it wants JSON' },
  },
  {
    name: 'gemini: a stream',
    type: 'gemini',
    kind: 'stream',
    settings: { model: 'gemini-3.5-flash-lite' },
    base: '',
    official: () =>
      google().models.generateContentStream({
        model: 'gemini-3.5-flash-lite',
        contents: PROMPT,
        config: { maxOutputTokens: 1, thinkingConfig: { thinkingLevel: 'MINIMAL' as never } },
      }),
    differences: { 'headers.accept': 'the client takes anything; the probe says what it takes' },
  },
];

/** Headers with which clients name themselves, and headers that undici, Node and HTTP set. */
const OF_NO_INTEREST =
  /^(user-agent|x-stainless-.*|x-goog-api-client|anthropic-dangerous-.*|host|connection|content-length|accept-encoding|accept-language|sec-fetch-mode|idempotency-key)$/;

/** All by which an API can distinguish two requests. */
function partsOf({ method, path, headers, body }: Sent): Record<string, unknown> {
  const named = Object.entries(headers).filter(([name]) => !OF_NO_INTEREST.test(name));
  return {
    method,
    path,
    ...Object.fromEntries(named.map(([name, value]) => [`headers.${name}`, value])),
    body: withoutRole(body),
  };
}

/** Google's client writes the role that a content without one has. */
function withoutRole(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body ?? null), (_, value) =>
    Array.isArray(value?.parts) && value.role === 'user' ? { parts: value.parts } : value,
  );
}

describe('a probe asks as the official client does', () => {
  it.each(COMPARISONS.map((one) => [one.name, one] as const))('%s', async (_, comparison) => {
    const { type, kind, settings, base, official, differences = {} } = comparison;
    const target = targetOf({ origin }, { type, ...settings, baseUrl: origin + base }, kind);
    const ours = partsOf(await sentBy(() => probeOnce(target)));
    const theirs = partsOf(await sentBy(official));
    const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    const differing = names.filter(
      (name) => JSON.stringify(sorted(ours[name])) !== JSON.stringify(sorted(theirs[name])),
    );
    expect(differing.sort(), JSON.stringify({ ours, theirs }, null, 1)).toEqual(Object.keys(differences).sort());
  });
});

/** With fields in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}
