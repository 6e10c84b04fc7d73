import { describe, expect, it } from 'vitest';
import { forEachLimited } from '../../lib/base/for-each-limited.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('forEachLimited', () => {
  it('works on each item once, in order, and on no more than the limit in parallel', async () => {
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    await forEachLimited([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      begun.push(item);
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
    });
    expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('rejects with the first failure, and still works on the other items', async () => {
    const done: number[] = [];
    const working = forEachLimited([1, 2, 3, 4, 5], 2, async (item) => {
      if (item === 2) throw new Error('two');
      await turn();
      done.push(item);
    });
    await expect(working).rejects.toThrow('two');
    for (let i = 0; i < 5; i++) await turn();
    expect(done).toEqual([1, 3, 4, 5]);
  });

  it('resolves at once for an empty list', async () => {
    await forEachLimited([], 3, () => Promise.reject(new Error('no item')));
  });
});
