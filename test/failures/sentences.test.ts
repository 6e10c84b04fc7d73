/** What sentences of gateways that nobody has met make more exact, and what they leave as it is. */

import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/failures/match.ts';
import { scopeOf } from '../../lib/failures/scopes.ts';
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
