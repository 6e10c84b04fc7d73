import { describe, expect, it } from 'vitest';
import { isProviderId, PROVIDER_TYPES } from '../../lib/health/provider.ts';

describe('a provider id (K7)', () => {
  it.each(['a', '0', 'openai', 'gpt-4-1', 'a-', '9lives', 'a'.repeat(63)])('may be %j', (text) => {
    expect(isProviderId(text)).toBe(true);
  });

  it.each([
    '',
    '-a',
    'A',
    'openAI',
    'a.b',
    'a/b',
    'a_b',
    'a b',
    'a#b',
    'a\n',
    '\na',
    'é',
    '../a',
    '%61',
    'a'.repeat(64),
    '__proto__',
  ])('may not be %j', (text) => {
    expect(isProviderId(text)).toBe(false);
  });

  it('may be any type, which is its default', () => {
    expect(PROVIDER_TYPES.filter((type) => !isProviderId(type))).toEqual([]);
  });
});
