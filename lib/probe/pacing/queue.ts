/** What the queues of the pacing have in common: a probe waits in one until it may go on. */

export interface Waiter {
  /** The provider's usual response time. */
  readonly expectedMs: number;
  /** Whether there is a handshake to do. */
  cold: boolean;
  /** Ends the wait. Set anew by each wait. */
  go: () => void;
}

export interface Queue {
  add(waiter: Waiter): void;
  /** Also of one that does not wait in it. */
  remove(waiter: Waiter): void;
}

/** Resolves when the queue lets the waiter go; rejects with what the signal aborted with, and then waits no longer. */
export function waitIn(queue: Queue, waiter: Waiter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      queue.remove(waiter);
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    waiter.go = () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    queue.add(waiter);
  });
}
