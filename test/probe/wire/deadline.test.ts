import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CancelledError, Deadline, orAborted, TimeoutError } from '../../../lib/probe/wire/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function aborted({ signal }: Deadline): unknown {
  return signal.aborted ? signal.reason : null;
}

describe('a deadline', () => {
  test('passes after its time', () => {
    const deadline = new Deadline(100);
    vi.advanceTimersByTime(99);
    expect(aborted(deadline)).toBeNull();
    vi.advanceTimersByTime(1);
    expect(aborted(deadline)).toBeInstanceOf(TimeoutError);
  });

  test('does not run while the probe waits for its turn', () => {
    const deadline = new Deadline(100);
    vi.advanceTimersByTime(60);
    deadline.pause();
    vi.advanceTimersByTime(1000);
    deadline.resume();
    vi.advanceTimersByTime(39);
    expect(aborted(deadline)).toBeNull();
    vi.advanceTimersByTime(1);
    expect(aborted(deadline)).toBeInstanceOf(TimeoutError);
  });

  test('starts again with the connection', () => {
    const deadline = new Deadline(100);
    vi.advanceTimersByTime(90);
    deadline.restart();
    vi.advanceTimersByTime(99);
    expect(aborted(deadline)).toBeNull();
    vi.advanceTimersByTime(1);
    expect(aborted(deadline)).toBeInstanceOf(TimeoutError);
  });

  test('differs from an abort by the caller, which may also come in a pause', () => {
    const deadline = new Deadline(100);
    deadline.pause();
    deadline.cancel();
    expect(aborted(deadline)).toBeInstanceOf(CancelledError);
    deadline.resume();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves no timer when it is cleared (P8)', () => {
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
