import { describe, expect, it } from 'vitest';
import type { ProviderType } from '../../../lib/health/provider.ts';
import { adapterFor } from '../../../lib/probe/adapters/registry.ts';
import { RECEIVED_AT } from '../../support/answers/answer.ts';
import { configOf } from './config.ts';

function judge(type: ProviderType, body: unknown, statusCode = 200) {
  const answer = { statusCode, headers: {}, body: JSON.stringify(body), receivedAt: RECEIVED_AT };
  return adapterFor(type).judge(answer, configOf(type, { model: 'asked' }), 'models');
}

const MODEL = { id: 'asked' };

describe('a list of models', () => {
  it.each<[ProviderType, unknown]>([
    ['openai', { data: [MODEL] }],
    ['openai', { data: [] }],
    ['gemini', { models: [MODEL] }],
    ['bedrock', { modelSummaries: [MODEL] }],
    ['together', [MODEL]],
    ['together', { data: [MODEL] }],
    ['openrouter', { data: { label: 'a key' } }],
  ])('of %s is %j', (type, body) => {
    expect(judge(type, body)).toMatchObject({ isHealthy: true, tokens: null, warning: null });
  });

  it.each<[ProviderType, unknown, string]>([
    ['openai', { models: [MODEL] }, 'a list of models'],
    ['openai', [MODEL], 'a list of models'],
    ['openai', { data: [MODEL, 7] }, 'a list of models'],
    ['openai', { data: 7 }, 'a list of models'],
    ['gemini', { data: [MODEL] }, 'a list of models'],
    ['bedrock', { data: [MODEL] }, 'a list of models'],
    ['together', { models: [MODEL] }, 'a list of models'],
    ['openrouter', { data: [MODEL] }, 'a description of the key'],
  ])('of %s is not %j', (type, body, expected) => {
    expect(judge(type, body)).toMatchObject({
      category: 'invalid_response',
      errorMessage: `expected ${expected}, got HTTP 200: ${JSON.stringify(body)}`,
    });
  });

  it('is none beside an error, nor with another status', () => {
    expect(judge('openai', { data: [MODEL], error: { code: 'insufficient_quota' } })).toMatchObject({
      category: 'quota',
    });
    expect(judge('openai', { data: [MODEL] }, 503)).toMatchObject({ category: 'overloaded' });
  });

  it('says when the model that is asked shuts down, and no other', () => {
    const other = { id: 'other', shutdown_date: '2027-01-01' };
    expect(judge('openai', { data: [other, MODEL] })).toMatchObject({ warning: null });
    expect(judge('openai', { data: [other, { ...MODEL, shutdown_date: '2026-12-01' }] })).toMatchObject({
      warning: 'model asked shuts down on 2026-12-01',
    });
  });
});
