import { expect, it } from 'vitest';
import { grouped } from '../../../lib/local/data/group.ts';

/** A step whose runs end when the test says so. */
function controlled() {
  const runs: PromiseWithResolvers[] = [];
  const step = grouped(() => {
    const run = withResolvers();
    runs.push(run);
    return run.promise;
  });
  return { step, runs };
}

interface PromiseWithResolvers {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: Error) => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve = () => {};
  let reject = (_error: Error) => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('runs once more for all that came while it ran, and only when it has ended', async () => {
  const { step, runs } = controlled();
  const done: string[] = [];
  void step().then(() => done.push('first'));
  await settled();
  void step().then(() => done.push('second'));
  void step().then(() => done.push('third'));
  await settled();
  expect(runs).toHaveLength(1);
  runs[0]?.resolve();
  await settled();
  expect(done).toEqual(['first']);
  expect(runs).toHaveLength(2);
  runs[1]?.resolve();
  await settled();
  expect(done).toEqual(['first', 'second', 'third']);
});

it('fails for those that waited for the run that failed, and runs for the next', async () => {
  const { step, runs } = controlled();
  const first = step();
  await settled();
  const second = step();
  runs[0]?.reject(new Error('full'));
  await expect(first).rejects.toThrow('full');
  await settled();
  runs[1]?.resolve();
  await expect(second).resolves.toBeUndefined();
});
