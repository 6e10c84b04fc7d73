import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isKeyHeader, isKeyName, looksLikeKey } from '../../lib/keys/key-like.ts';

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
  ])('%s is none', (name) => {
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
    const keys = Array.from({ length: 500 }, () => randomBytes(24).toString(encoding));
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
  ])('%s is none', (text) => {
    expect(looksLikeKey(text)).toBe(false);
  });
});
