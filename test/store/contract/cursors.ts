/** Scenarios of cursors: a store accepts only its own cursors, and only for the list that it gave them for. */

import { beforeEach, describe, expect, it } from 'vitest';
import { transitionOf } from '../../../lib/health/transition.ts';
import { failedCheck, goodCheck, minute, START } from '../../support/builders.ts';
import type { Scenario } from '../contract.ts';

const RANGE = { from: minute(0), to: minute(10), limit: 2 };
const badCursor = expect.objectContaining({ name: 'StoreError', code: 'bad_cursor' });

const base64 = (text: string) => Buffer.from(text).toString('base64url');

export function describeCursors(scenario: () => Scenario): void {
  describe('cursors', () => {
    let ofChecks = '';
    let ofTransitions = '';

    beforeEach(async () => {
      const { store } = scenario();
      for (const provider of ['alpha', 'beta']) {
        const times = [0, 1, 2, 3, 4, 5].map(minute);
        await store.checks.put(times.map((timestamp) => goodCheck({ provider, timestamp })));
        for (const timestamp of times) {
          const check = failedCheck('tls', { provider, timestamp });
          await store.transitions.put(transitionOf(check, 'healthy', 'unhealthy', START));
        }
      }
      ofChecks = (await store.checks.page('alpha', RANGE)).next ?? '';
      ofTransitions = (await store.transitions.page('alpha', RANGE)).next ?? '';
    });

    it('are texts that fit into a URL as they are', () => {
      expect(ofChecks).toMatch(/^[A-Za-z0-9_-]{20,120}$/);
      expect(ofTransitions).toMatch(/^[A-Za-z0-9_-]{20,120}$/);
    });

    it('are the same in every store', () => {
      expect(ofChecks).toBe('kAoruqrTFUrzMjAyNi0wMy0wMVQxMDowNDowMC4wMDBa');
    });

    it('work in another instance, and as often as one likes', async () => {
      const { other } = scenario();
      const page = () => other.checks.page('alpha', { ...RANGE, cursor: ofChecks });
      expect((await page()).items.map((check) => check.timestamp)).toEqual([minute(3), minute(2)]);
      expect(await page()).toEqual(await page());
    });

    it.each<[string, (cursor: string) => string]>([
      ['nothing', () => ''],
      ['nonsense', () => 'nonsense'],
      ['a page number', () => '2'],
      ['one whose first character was changed', (cursor) => `${cursor[0] === 'A' ? 'B' : 'A'}${cursor.slice(1)}`],
      ['one whose last character was changed', (cursor) => `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`],
      ['one that was cut off', (cursor) => cursor.slice(0, -4)],
      ['one with something behind it', (cursor) => `${cursor}AAAA`],
      ['one with padding', (cursor) => `${cursor}==`],
      ['one with a line break', (cursor) => `${cursor}\n`],
      ['a key of the table', () => base64(JSON.stringify({ pk: 'PROVIDER', sk: 'alpha' }))],
      ['a time alone', () => base64(minute(3))],
      ['a very long text', () => 'A'.repeat(100_000)],
    ])('A3: are refused when the text is %s', async (_, tamper) => {
      const { store } = scenario();
      const checks = store.checks.page('alpha', { ...RANGE, cursor: tamper(ofChecks) });
      await expect(checks).rejects.toEqual(badCursor);
      const transitions = store.transitions.page('alpha', { ...RANGE, cursor: tamper(ofTransitions) });
      await expect(transitions).rejects.toEqual(badCursor);
    });

    it('are refused for another provider, another list, or other times than they were given for', async () => {
      const { store } = scenario();
      const others = [
        store.checks.page('beta', { ...RANGE, cursor: ofChecks }),
        store.checks.page('alpha', { ...RANGE, cursor: ofTransitions }),
        store.transitions.page('alpha', { ...RANGE, cursor: ofChecks }),
        store.transitions.page('beta', { ...RANGE, cursor: ofTransitions }),
        store.transitions.page(null, { ...RANGE, cursor: ofTransitions }),
        store.checks.page('alpha', { ...RANGE, to: minute(1), cursor: ofChecks }),
        store.checks.page('alpha', { ...RANGE, from: minute(5), cursor: ofChecks }),
      ];
      const results = await Promise.allSettled(others);
      expect(results).toEqual(others.map(() => ({ status: 'rejected', reason: badCursor })));
    });

    it('say what to do when they are refused', async () => {
      const { store } = scenario();
      await expect(store.checks.page('alpha', { ...RANGE, cursor: 'nonsense' })).rejects.toThrow(
        'cursor: expected the cursor of the previous page, for the same checks of alpha and the same times, got another. Begin again without a cursor.',
      );
    });
  });
}
