import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../../lib/base/version.ts';
import { PROBE_KINDS, PROVIDER_TYPES, type ProviderConfig, type ProviderType } from '../../../lib/health/provider.ts';
import { Secret } from '../../../lib/keys/secret.ts';
import { adapterFor } from '../../../lib/probe/adapters/registry.ts';
import { presetOf, supportsProbe } from '../../../lib/probe/presets/presets.ts';
import { configOf } from './config.ts';

const KEY = 'test-key-0123456789';
const key = new Secret(KEY);

function request(type: ProviderType, over: Partial<ProviderConfig> = {}, kind: ProviderConfig['probe'] = 'completion') {
  const { body, ...rest } = adapterFor(type).buildRequest(configOf(type, over), key, kind);
  return { ...rest, body: body === null ? null : JSON.parse(body) };
}

const messages = [{ role: 'user', content: 'Reply with: ok' }];

describe('the request of a probe', () => {
  it.each<[ProviderType, string, object]>([
    [
      'openai',
      'https://api.openai.com/v1/chat/completions',
      { model: 'gpt-6-luna', messages, max_completion_tokens: 16, reasoning_effort: 'none' },
    ],
    [
      'claude',
      'https://api.anthropic.com/v1/messages',
      { model: 'claude-haiku-5-5', max_tokens: 1, messages, thinking: { type: 'disabled' } },
    ],
    [
      'glm',
      'https://api.z.ai/api/paas/v4/chat/completions',
      { model: 'glm-4.7-flashx', messages, max_tokens: 1, thinking: { type: 'disabled' } },
    ],
    [
      'gemini',
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash-lite:generateContent',
      {
        contents: [{ role: 'user', parts: [{ text: 'Reply with: ok' }] }],
        generationConfig: { maxOutputTokens: 1, thinkingConfig: { thinkingLevel: 'MINIMAL' } },
      },
    ],
    ['cohere', 'https://api.cohere.com/v2/chat', { model: 'command-r7b-12-2024', messages, max_tokens: 1 }],
    ['deepseek', 'https://api.deepseek.com/chat/completions', { thinking: { type: 'disabled' } }],
    ['groq', 'https://api.groq.com/openai/v1/chat/completions', { max_completion_tokens: 1, reasoning_effort: 'low' }],
    ['openai-compatible', 'https://openai-compatible.example/v1/chat/completions', { max_tokens: 16 }],
  ])('is the smallest that works: %s', (type, url, body) => {
    expect(request(type)).toMatchObject({ method: 'POST', url, body });
  });

  it('is the smallest that works: bedrock, whose model is in its path', () => {
    const { url, body } = request('bedrock', { baseUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com' });
    expect(url).toBe('https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-micro-v1%3A0/converse');
    expect(body).toEqual({
      messages: [{ role: 'user', content: [{ text: 'Reply with: ok' }] }],
      inferenceConfig: { maxTokens: 1 },
    });
  });

  it.each(PROVIDER_TYPES)('says who sends it and what it wants back: %s', (type) => {
    const { headers } = request(type);
    expect(headers).toMatchObject({
      'user-agent': `provider-health/${VERSION} (health probe)`,
      accept: 'application/json',
    });
  });

  it("has the provider's own User-Agent where it is set", () => {
    const { headers } = request('openai', { headers: { 'User-Agent': 'my-app/1' } });
    expect(headers).toMatchObject({ 'user-agent': 'my-app/1' });
  });

  it("names the package's own version", () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));
    expect(VERSION).toBe(version);
  });

  it.each<[ProviderType, Partial<ProviderConfig>, string, string]>([
    ['openai', {}, 'authorization', `Bearer ${KEY}`],
    ['claude', {}, 'x-api-key', KEY],
    ['gemini', {}, 'x-goog-api-key', KEY],
    ['azure', {}, 'api-key', KEY],
    ['cohere', {}, 'authorization', `Bearer ${KEY}`],
    ['vertex', {}, 'x-goog-api-key', KEY],
    ['vertex', { baseUrl: 'https://x-aiplatform.googleapis.com/v1/projects/p' }, 'authorization', `Bearer ${KEY}`],
    ['anthropic-compatible', { baseUrl: 'https://gateway.example/anthropic' }, 'x-api-key', KEY],
    ['anthropic-compatible', { baseUrl: 'https://bedrock.api.aws.gateway.example' }, 'x-api-key', KEY],
    [
      'azure',
      {
        auth: { type: 'entra-client', clientId: 'a', clientSecret: 'env:S', scope: 's', tokenUrl: 'https://t.example' },
      },
      'authorization',
      `Bearer ${KEY}`,
    ],
    [
      'anthropic-compatible',
      { baseUrl: 'https://bedrock-mantle.us-east-1.api.aws/anthropic' },
      'authorization',
      `Bearer ${KEY}`,
    ],
  ])('carries the key in the header where %s looks for it', (type, over, name, value) => {
    const { headers } = request(type, over);
    expect(headers).toMatchObject({ [name]: value });
    expect(Object.values(headers).filter((text) => text.includes(KEY))).toEqual([value]);
  });

  it('carries an OAuth token of Anthropic as a bearer', () => {
    const token = new Secret('sk-ant-oat-0123456789');
    const { headers } = adapterFor('claude').buildRequest(configOf('claude'), token, 'completion');
    expect(headers).toMatchObject({
      authorization: 'Bearer sk-ant-oat-0123456789',
      'content-type': 'application/json',
    });
    expect(headers).not.toHaveProperty('x-api-key');
  });

  it.each(PROVIDER_TYPES)('K1: has the key of %s in a header and nowhere else', (type) => {
    for (const kind of PROBE_KINDS.filter((one) => supportsProbe(type, one))) {
      const { headers, ...rest } = adapterFor(type).buildRequest(configOf(type), key, kind);
      expect(Object.values(headers).join('\n')).toContain(KEY);
      expect(JSON.stringify(rest)).not.toContain(KEY);
      expect(Object.keys(headers)).toEqual(Object.keys(headers).map((name) => name.toLowerCase()));
    }
  });

  it('has no key header for a provider without a key', () => {
    const { headers } = adapterFor('ollama').buildRequest(configOf('ollama'), null, 'completion');
    expect(Object.keys(headers).sort()).toEqual(['accept', 'content-type', 'user-agent']);
  });

  it('has the headers that a provider wants, and those of its settings', () => {
    expect(request('claude').headers).toMatchObject({ 'anthropic-version': '2023-06-01' });
    expect(request('claude').headers).not.toHaveProperty('origin');
    expect(request('glm', { headers: { 'X-Team': 'a', 'Accept-Language': 'de' } }).headers).toMatchObject({
      'x-team': 'a',
      'accept-language': 'de',
    });
  });

  it('lets no setting replace the key', () => {
    expect(request('claude', { headers: { 'X-API-Key': 'other' } }).headers['x-api-key']).toBe(KEY);
  });

  it('takes the cap from the settings', () => {
    expect(request('openai', { maxTokens: 5 }).body).toMatchObject({ max_completion_tokens: 5 });
    expect(request('gemini', { maxTokens: 5 }).body.generationConfig).toMatchObject({ maxOutputTokens: 5 });
  });

  it('merges the fields of the settings over its own, and removes those that are null', () => {
    const { body } = request('openai', { body: { reasoning_effort: null, user: 'monitor' } });
    expect(body).toEqual({ model: 'gpt-6-luna', messages, max_completion_tokens: 16, user: 'monitor' });
    const nested = request('gemini', { body: { generationConfig: { thinkingConfig: null, candidateCount: 1 } } });
    expect(nested.body.generationConfig).toEqual({ maxOutputTokens: 1, candidateCount: 1 });
  });

  it('merges a field by any name as a field', () => {
    const body = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"name":"x"}}');
    const text = adapterFor('openai').buildRequest(configOf('openai', { body }), key, 'completion').body;
    expect(text).toContain('"__proto__":{"polluted":true}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each<[ProviderType, string, object]>([
    ['openai', 'gpt-5-nano', { reasoning_effort: 'minimal' }],
    ['openai', 'gpt-5.1', { reasoning_effort: 'none' }],
    ['openai', 'gpt-4o-mini', {}],
    ['claude', 'claude-sonnet-5-5', { thinking: { type: 'disabled' } }],
    ['claude', 'claude-opus-5-5', {}],
    ['claude', 'claude-haiku-4-5', {}],
    ['glm', 'glm-5.2', { thinking: { type: 'disabled' } }],
    ['glm', 'glm-5.3-flash', { reasoning_effort: 'low' }],
    ['kimi', 'kimi-k3', {}],
    ['xai', 'grok-4.6', {}],
    ['cerebras', 'zai-glm-4.7', { reasoning_effort: 'none' }],
    ['cohere', 'command-a-reasoning-08-2025', { thinking: { type: 'disabled' } }],
  ])('of %s sends %s only the switches that it knows', (type, model, fields) => {
    const { thinking, reasoning_effort } = request(type, { model }).body;
    expect(JSON.parse(JSON.stringify({ thinking, reasoning_effort }))).toEqual(fields);
  });

  it.each([
    ['gemini-2.5-flash-lite', { thinkingBudget: 0 }],
    ['gemini-3.5-flash', { thinkingLevel: 'MINIMAL' }],
    ['gemini-3.1-pro', undefined],
    ['gemini-2.5-pro', undefined],
    ['gemini-2.0-flash', undefined],
  ])('of gemini sends %s only the switch that it knows', (model, thinkingConfig) => {
    expect(request('gemini', { model }).body.generationConfig.thinkingConfig).toEqual(thinkingConfig);
  });

  it('asks for a stream in the way of each family', () => {
    expect(request('openai', {}, 'stream').body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(request('mistral', {}, 'stream').body).not.toHaveProperty('stream_options');
    expect(request('claude', {}, 'stream').body).toMatchObject({ stream: true });
    expect(request('cohere', {}, 'stream').body).toMatchObject({ stream: true });
    const gemini = request('gemini', {}, 'stream');
    expect(gemini.url).toMatch(/\/v1beta\/models\/gemini-3\.5-flash-lite:streamGenerateContent\?alt=sse$/);
    expect(gemini.body).not.toHaveProperty('stream');
    expect(gemini.headers.accept).toBe('text/event-stream');
    const bedrock = request('bedrock', { baseUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com' }, 'stream');
    expect(bedrock.url).toMatch(/\/model\/amazon\.nova-micro-v1%3A0\/converse-stream$/);
    expect(bedrock.headers.accept).toBe('application/vnd.amazon.eventstream');
  });

  it.each<[ProviderType, string]>([
    ['openai', 'https://api.openai.com/v1/models'],
    ['claude', 'https://api.anthropic.com/v1/models?limit=1'],
    ['gemini', 'https://generativelanguage.googleapis.com/v1beta/models?pageSize=1'],
    ['cohere', 'https://api.cohere.com/v1/models?page_size=1'],
    ['openrouter', 'https://openrouter.ai/api/v1/key'],
  ])('of a models probe of %s is free', (type, url) => {
    const { headers, ...rest } = request(type, {}, 'models');
    expect(rest).toEqual({ method: 'GET', url, body: null });
    expect(headers).not.toHaveProperty('content-type');
  });

  it.each<[ProviderType, string, string]>([
    [
      'bedrock',
      'https://vpce-0a.bedrock-runtime.us-east-1.vpce.amazonaws.com',
      'https://vpce-0a.bedrock-runtime.us-east-1.vpce.amazonaws.com/foundation-models',
    ],
    ['openai-compatible', 'https://bedrock-runtime.example.com', 'https://bedrock-runtime.example.com/models'],
    [
      'anthropic-compatible',
      'https://gateway.example/a?api-version=1',
      'https://gateway.example/a/v1/models?api-version=1&limit=1',
    ],
  ])('lists the models of %s below %s', (type, baseUrl, url) => {
    expect(request(type, { baseUrl }, 'models').url).toBe(url);
  });

  it('lists the models of Bedrock on the host beside', () => {
    const { url } = request('bedrock', { baseUrl: 'https://bedrock-runtime.eu-west-1.amazonaws.com' }, 'models');
    expect(url).toBe('https://bedrock.eu-west-1.amazonaws.com/foundation-models');
  });

  it.each<[ProviderType, string, string]>([
    ['claude', 'https://api.anthropic.com/v1', 'https://api.anthropic.com/v1/messages'],
    ['claude', 'https://api.z.ai/api/anthropic/', 'https://api.z.ai/api/anthropic/v1/messages'],
    ['claude', 'https://gateway.example/v1/anthropic', 'https://gateway.example/v1/anthropic/v1/messages'],
    ['claude', 'https://gateway.example/v10', 'https://gateway.example/v1/messages'],
    ['claude', 'https://gateway.example/v1beta1', 'https://gateway.example/v1/messages'],
    ['cohere', 'https://api.cohere.com/v2', 'https://api.cohere.com/v2/chat'],
    ['openai', 'https://gateway.example/v1//', 'https://gateway.example/v1/chat/completions'],
    ['openai', 'http://127.0.0.1:8080/openai', 'http://127.0.0.1:8080/openai/chat/completions'],
    [
      'azure',
      'https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21',
      'https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21',
    ],
  ])('of %s goes below the base URL %s', (type, baseUrl, url) => {
    expect(request(type, { baseUrl }).url).toBe(url);
  });

  it('is refused for a probe that the type does not have, with what to do', () => {
    expect(() => request('perplexity', {}, 'models')).toThrow(
      'Provider perplexity: expected a probe that type perplexity has, got models. Set probe to another.',
    );
  });
});

describe('a preset', () => {
  it.each(PROVIDER_TYPES)('of %s has a base URL that parses, and no trailing slash', (type) => {
    const { baseUrl, keyRequired } = presetOf(type);
    if (baseUrl === null) return;
    expect(baseUrl).not.toMatch(/\/$/);
    expect(new URL(baseUrl).protocol).toBe(baseUrl.startsWith('http://localhost') ? 'http:' : 'https:');
    expect(keyRequired).toBe(!baseUrl.startsWith('http://localhost'));
  });
});
