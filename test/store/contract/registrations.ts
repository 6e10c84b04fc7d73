/** Scenarios of registered providers. */

import { describe, expect, it } from 'vitest';
import { START } from '../../support/builders.ts';
import type { Scenario } from '../contract.ts';

const registration = (provider: string, input: unknown) => ({ provider, input, registeredAt: START });

const INPUTS: readonly [string, unknown][] = [
  ['a provider', { id: 'alpha', type: 'openai', apiKey: 'env:KEY', tags: ['eu'], timeoutSeconds: 2.5 }],
  ['nulls and empty things', { body: { logprobs: null, '': '' }, headers: {}, tags: [] }],
  ['what is no provider at all', 'nonsense 🦜'],
  ['a null', null],
];

export function describeRegistrations(scenario: () => Scenario): void {
  describe('registrations', () => {
    it('has none at first', async () => {
      const { store } = scenario();
      expect(await store.registrations.list()).toEqual([]);
      expect(await store.registrations.get('alpha')).toBeNull();
    });

    it.each(INPUTS)('gives back %s as it was put in', async (_, input) => {
      const { store, other } = scenario();
      await store.registrations.put(registration('alpha', input));
      expect(await other.registrations.get('alpha')).toEqual(registration('alpha', input));
      expect(await other.registrations.list()).toEqual([registration('alpha', input)]);
    });

    it('replaces a registration by a newer one, and lists all in the order of their ids', async () => {
      const { store } = scenario();
      for (const id of ['b', 'c', 'a']) await store.registrations.put(registration(id, { type: 'glm' }));
      await store.registrations.put(registration('b', { type: 'claude' }));
      expect(await store.registrations.list()).toEqual([
        registration('a', { type: 'glm' }),
        registration('b', { type: 'claude' }),
        registration('c', { type: 'glm' }),
      ]);
    });

    it('says of a deletion whether there was one', async () => {
      const { store } = scenario();
      await store.registrations.put(registration('alpha', {}));
      expect(await store.registrations.delete('alpha')).toBe(true);
      expect(await store.registrations.delete('alpha')).toBe(false);
      expect(await store.registrations.get('alpha')).toBeNull();
    });
  });
}
