import { describe, expect, it } from 'vitest';
import { isKeyAsName, isKeyHeader, isKeyName, looksLikeKey } from '../../lib/keys/key-like.ts';
import { seededBytes } from '../support/seeded.ts';

describe('names of keys', () => {
  it.each([
    'apiKey',
    'api_key',
    'x-api-key',
    'token',
    'x-auth-token',
    'accessToken',
    'clientSecret',
    'password',
    'Cookie',
    'cf-aig-authorization',
    'ocp-apim-subscription-key',
    'x-functions-key',
    'sessionId',
    'PRIVATE_KEY',
    'helicone-auth',
  ])('%s is one', (name) => {
    expect([isKeyName(name), isKeyHeader(name)]).toEqual([true, true]);
  });

  it.each([
    'max_tokens',
    'max_completion_tokens',
    'eos_token',
    'stop_token',
    'tokenizer',
    'stop_token_ids',
    'prompt_cache_key',
    'safety_identifier',
    'user',
    'author',
    'cookies_allowed',
    'secretary',
    'x-team',
    'keyword',
    'idempotency-key',
  ])('%s is not taken for a key', (name) => {
    expect([isKeyName(name), isKeyHeader(name.replaceAll('_', '-').replace('prompt-', ''))]).toEqual([false, false]);
  });

  it('a header that is a key of anything is one', () => {
    expect([isKeyHeader('x-key'), isKeyName('key')]).toEqual([true, false]);
  });
});

describe('texts like keys', () => {
  it.each([
    'sk-proj-4fQ9ZkT7wXy2Lm8R',
    'gsk_0123456789abcdef',
    'AKIAIOSFODNN7EXAMPLE',
    'AIzaSyA1234567890_abcdefghijklm',
    'Basic dXNlcjpwYXNz',
    'see ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    '-----BEGIN PRIVATE KEY-----',
    '0123456789abcdef0123456789abcdef',
  ])('%s is one', (text) => {
    expect(looksLikeKey(text)).toBe(true);
  });

  it.each(['hex', 'base64', 'base64url'] as const)('nearly every random key in %s is one', (encoding) => {
    const keys = Array.from({ length: 500 }, (_, n) => seededBytes(`key ${n}`, 24).toString(encoding));
    expect(keys.filter((key) => !looksLikeKey(key)).length).toBeLessThan(10);
  });

  it.each([
    'search',
    'prompt-caching-2024-07-31,token-efficient-tools-2025-02-19',
    'meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo',
    'accounts/fireworks/models/gpt-oss-20b',
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-5-sonnet-20241022-v2:0',
    'projects/my-project-123/locations/us-central1',
    '123e4567-e89b-12d3-a456-426614174000',
    '2026-03-01T10:00:00.000Z',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    'Reply with one word, please. This is a health check.',
    'sk-SK',
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  ])('%s is not taken for a key', (text) => {
    expect(looksLikeKey(text)).toBe(false);
  });
});

describe('names that are keys', () => {
  it.each([
    'sk-proj-4fQ9ZkT7wXy2Lm8R',
    'sk-4f0d5c9be1a2437f8e6d1c0b9a8f7e6d',
    'gsk_7Hq2LmZ9xWv4Tn8RkPd1',
    'AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q',
    '5f2b8c1d9e7a4b3c6d0f1a2b3c4d5e6f.Zy9XwV8uT7sR6q5P',
    '0123456789abcdef0123456789abcdef',
    'Zq8vT1mXw4Lr7PnKc2JdhG5sB9uE3kQm',
    'AKIAIOSFODNN7EXAMPLE',
    'sk-proj-abcdefghijklmnopqrstuvwxyz123456',
    'sk-ant-api03-abcdefghijklmnopqrstuvwxyz',
    'hf_abcdefghijklmnopqrstuvwxyz12',
    '-----BEGIN PRIVATE KEY-----',
  ])('%s is one', (text) => {
    expect([isKeyAsName(text), looksLikeKey(text)]).toEqual([true, true]);
  });

  it.each([
    'hf-inference-us-east-1',
    'xai-grok-4-fast-reasoning',
    'pplx-70b-chat-alpha',
    'fw-llama-v3p1-405b-instruct',
    'tenant-3f2b8c1d-9e7a-4b3c-8d0f-1a2b3c4d5e6f',
    'gpt-4o-mini-2024-07-18',
    'ft:gpt-4o-mini-2024-07-18:my-org:custom:9kQ2xXyZ7',
    'owner/model:5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa',
    'meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8',
    'Qwen2.5-VL-72B-Instruct-AWQ',
    'Phi-3-mini-128k-instruct-Q4_K_M.gguf',
    'DeepSeek-R1-0528-Qwen3-8B-Q8_0-GGUF',
    'anthropic.claude-3-5-sonnet-20241022-v2:0',
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6',
    'ep-20240604123456-abcde',
    'ASIAPACIFICSOUTHEAST1',
    'sk-telecom-ax-4-chat-instruct',
    'hf-abcdefghijklmnopqrstuvwxyz',
  ])('%s is not taken for a key', (text) => {
    expect(isKeyAsName(text)).toBe(false);
  });
});
