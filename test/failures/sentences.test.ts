/** Sentences of unknown gateways make the category of a status more exact, or leave it unchanged. */

import { describe, expect, it } from 'vitest';
import type { Layer } from '../../lib/failures/layer.ts';
import { judge } from '../../lib/failures/match.ts';
import { scopeOf } from '../../lib/failures/scopes.ts';
import type { Category } from '../../lib/health/category.ts';
import { layersOf } from './evidence/all.ts';
import { MERELY_WORDED, WORDED } from './evidence/sentences.ts';

describe('a sentence of a writer that is not known', () => {
  it.each(WORDED.map((one) => [one.status, one.message, one] as const))('makes %i more exact: %s', (status, _, one) => {
    const verdict = judge({ statusCode: status, header: () => null, layers: layersOf(one) }, scopeOf(one.type));
    expect(verdict).toMatchObject({ category: one.category, byStatus: false });
  });

  it.each(MERELY_WORDED.map((one) => [one.status, one.message, one] as const))(
    'leaves %i what it is: %s',
    (status, _, one) => {
      const verdict = judge({ statusCode: status, header: () => null, layers: layersOf(one) }, scopeOf(one.type));
      expect(verdict).toMatchObject({ category: one.category, byStatus: true });
    },
  );

  it('makes a code more exact that only says the same as a status', () => {
    const body = JSON.stringify({ error: { code: 'forbidden', message: 'Your credits are exhausted' } });
    const layers = layersOf({ type: 'openai-compatible', status: 403, headers: {}, body });
    const verdict = judge({ statusCode: 403, header: () => null, layers }, scopeOf('openai-compatible'));
    expect(verdict).toMatchObject({ category: 'quota', layer: layers[0] });
  });

  it('makes the 429 and the 400 of a provider more exact, but not its 500', () => {
    const body = JSON.stringify({ error: { message: 'Your credits are exhausted' } });
    const layers = layersOf({ type: 'mistral', status: 429, headers: {}, body });
    const under = (statusCode: number) =>
      judge({ statusCode, header: () => null, layers }, scopeOf('mistral'))?.category;
    expect([429, 403, 400, 500].map(under)).toEqual(['quota', 'quota', 'quota', 'server_error']);
  });
});

describe('what counts as a sentence', () => {
  const GATEWAY = scopeOf('openai-compatible');
  const categoryOf = (statusCode: number | null, parts: Partial<Layer>, scope = GATEWAY) => {
    const layers = [{ depth: 0, writer: null, upstream: null, codes: [], message: null, ...parts }];
    return judge({ statusCode, header: () => null, layers }, scope)?.category;
  };

  it.each<[string, Parameters<typeof categoryOf>, Category | undefined]>([
    ['money beside a limit of a minute is advice', [429, { message: '9 requests / min: no credits' }], 'rate_limited'],
    ['capacity beside a limit of a minute counts', [429, { message: '9 requests / min: no capacity' }], 'overloaded'],
    ['a code with spaces is one', [403, { codes: ['insufficient credits'] }], 'quota'],
    ['a code and a message are two', [400, { message: 'low ', codes: ['balance now'] }], 'bad_request'],
    [
      'a message about a field of the request has none',
      [400, { message: "Invalid value: 'no credits'" }],
      'bad_request',
    ],
    ['a page has none', [400, { message: 'Insufficient credits', codes: ['html'] }], 'bad_request'],
    [
      'words at the end of a long message do not count',
      [400, { message: `${'x'.repeat(400)} no credits` }],
      'bad_request',
    ],
    ['a bent apostrophe is a straight one', [404, { message: 'You don’t have access to model m' }], 'auth'],
    ['an underscore is a space', [403, { message: 'It has insufficient_credits' }], 'quota'],
    ['none counts at a provider without a status', [null, { message: 'No credits' }, scopeOf('mistral')], undefined],
  ])('%s', (_, args, category) => {
    expect(categoryOf(...args)).toBe(category);
  });
});
