import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CancelledError, Deadline, orAborted, TimeoutError } from '../../../lib/probe/wire/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function aborted({ signal }: Deadline): unknown {
  return signal.aborted ? signal.reason : null;
}

/** Also the turn of the event loop in which sockets are read once more. */
async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await nextTurn();
}

describe('a deadline', () => {
  test('passes after its time', async () => {
    const deadline = new Deadline(100);
    await pass(99);
    expect(aborted(deadline)).toBeNull();
    await pass(1);
    expect(aborted(deadline)).toBeInstanceOf(TimeoutError);
  });

  test('does not run while the probe waits for its turn', async () => {
    const deadline = new Deadline(100);
    await pass(60);
    deadline.pause();
    await pass(1000);
    deadline.resume();
    await pass(39);
    expect(aborted(deadline)).toBeNull();
    await pass(1);
    expect(aborted(deadline)).toBeInstanceOf(TimeoutError);
  });

  test('starts again with the connection', async () => {
    const deadline = new Deadline(100);
    await pass(90);
    deadline.restart();
    await pass(99);
    expect(aborted(deadline)).toBeNull();
    await pass(1);
    expect(aborted(deadline)).toBeInstanceOf(TimeoutError);
  });

  test('that is over lets the sockets be read once more, and an answer among what came ends it', async () => {
    const deadline = new Deadline(100);
    vi.advanceTimersByTime(100);
    expect(aborted(deadline)).toBeNull();
    deadline.clear();
    await nextTurn();
    expect(aborted(deadline)).toBeNull();
  });

  test.each([
    ['restarts', (deadline: Deadline) => deadline.restart()],
    [
      'pauses and resumes with a new start',
      (deadline: Deadline) => {
        deadline.pause();
        deadline.restart();
      },
    ],
  ])('that %s while the sockets are read once more has its whole time again', async (_, change) => {
    const deadline = new Deadline(100);
    vi.advanceTimersByTime(100);
    change(deadline);
    await pass(99);
    expect(aborted(deadline)).toBeNull();
    await pass(1);
    expect(aborted(deadline)).toBeInstanceOf(TimeoutError);
  });

  test('differs from an abort by the caller, which may also come in a pause', async () => {
    const deadline = new Deadline(100);
    deadline.pause();
    deadline.cancel();
    expect(aborted(deadline)).toBeInstanceOf(CancelledError);
    deadline.resume();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves no timer when it is cleared (P8)', async () => {
    const deadline = new Deadline(100);
    deadline.restart();
    deadline.clear();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('work that may be aborted', () => {
  test('settles as it does when it is first', async () => {
    const { signal } = new Deadline(100);
    await expect(orAborted(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(orAborted(Promise.reject(new RangeError()), signal)).rejects.toThrow(RangeError);
  });

  test('rejects at once when it is not', async () => {
    const deadline = new Deadline(100);
    const work = orAborted(new Promise(() => {}), deadline.signal);
    deadline.cancel();
    await expect(work).rejects.toThrow(CancelledError);
    await expect(orAborted(new Promise(() => {}), deadline.signal)).rejects.toThrow(CancelledError);
  });
});
