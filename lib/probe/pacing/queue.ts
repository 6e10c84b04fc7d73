/** The common interface of the pacing's queues, in which probes wait for their turn. */

export interface Waiter {
  /** The provider's usual response time. */
  readonly expectedMs: number;
  /** Whether the probe needs a handshake. */
  cold: boolean;
  /** Ends the wait. Each wait sets it. */
  go: () => void;
}

export interface Queue {
  add(waiter: Waiter): void;
  /** Does nothing if the waiter is not in the queue. */
  remove(waiter: Waiter): void;
}

/**
 * Waits in a queue. Resolves at the waiter's turn. When the signal aborts, leaves the queue and rejects with its
 * reason.
 */
export function waitIn(queue: Queue, waiter: Waiter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      queue.remove(waiter);
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const go = () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    waiter.go = go;
    queue.add(waiter);
  });
}
