import { describe, expect, it } from 'vitest';
import { eachAtATime } from '../../lib/base/at-a-time.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('eachAtATime', () => {
  it('works on each thing once, in order, and on no more than the given number at a time', async () => {
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    await eachAtATime([1, 2, 3, 4, 5, 6, 7], 3, async (thing) => {
      begun.push(thing);
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
    });
    expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('rejects with the first failure, and works on the others', async () => {
    const done: number[] = [];
    const working = eachAtATime([1, 2, 3, 4, 5], 2, async (thing) => {
      if (thing === 2) throw new Error('two');
      await turn();
      done.push(thing);
    });
    await expect(working).rejects.toThrow('two');
    for (let i = 0; i < 5; i++) await turn();
    expect(done).toEqual([1, 3, 4, 5]);
  });

  it('resolves at once without things', async () => {
    await eachAtATime([], 3, () => Promise.reject(new Error('no thing')));
  });
});
