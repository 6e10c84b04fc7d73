/** Words that no row of the catalogue has, and words at a provider where they were never seen. */

import { describe, expect, it } from 'vitest';
import { judgeFinish } from '../../lib/failures/finish.ts';
import { indexAll, judge } from '../../lib/failures/match.ts';
import { scopeOf } from '../../lib/failures/scopes.ts';
import { layersOf } from './evidence/all.ts';
import { FORMED } from './evidence/forms.ts';

describe('a code that no row names', () => {
  it.each(FORMED.map((one) => [one.code, one] as const))('is recognised by its parts: %s', (_, one) => {
    const { type, status, category } = one;
    const verdict = judge({ statusCode: status, header: () => null, layers: layersOf(one) }, scopeOf(type), indexAll());
    expect(verdict).toMatchObject({ category, byStatus: false });
  });

  it.each([
    'request_quota_exceeded',
    'tokens_limit',
    'invalid_max_tokens',
    'invalid_value',
    'context_length_exceeded',
    'unsupported_parameter',
    'missing_required_parameter',
    'invalid_request_error',
    'no_such_user_agent',
    'constructor',
  ])('is recognised by nothing else: %s', (code) => {
    const layers = layersOf({ type: 'openai', status: 400, headers: {}, body: JSON.stringify({ error: { code } }) });
    const verdict = judge({ statusCode: 400, header: () => null, layers }, scopeOf('openai'), indexAll());
    expect(verdict).toMatchObject({ category: 'bad_request', byStatus: true });
  });
});

describe('a phrase', () => {
  it.each([
    ['groq', 500, 'Model busy, retry later'],
    ['claude', 400, 'DEGRADED function cannot be invoked'],
    ['openai', 500, 'Your credit balance is too low'],
    ['gemini', 400, 'All of our workers are busy'],
    ['vllm', 500, 'exceeded your current quota'],
  ] as const)('never says at %s, where it was not seen, whose fault a failure is', (type, status, message) => {
    const layers = layersOf({ type, status, headers: {}, body: JSON.stringify({ error: { message } }) });
    const verdict = judge({ statusCode: status, header: () => null, layers }, scopeOf(type), indexAll());
    expect(verdict).toMatchObject({ category: status === 400 ? 'bad_request' : 'server_error', byStatus: true });
  });
});

it.each([
  ['openrouter', 'error', 'server_error'],
  ['glm', 'network_error', 'server_error'],
  ['cohere', 'TIMEOUT', 'timeout'],
  ['deepseek', 'insufficient_system_resource', 'overloaded'],
  ['openai', 'stop', null],
  ['openai', 'TIMEOUT', null],
  ['openai', 'rate_limit_exceeded', null],
] as const)('the finish reason of %s, %s, means %s', (type, reason, category) => {
  expect(judgeFinish(reason, scopeOf(type), indexAll())).toBe(category);
});
