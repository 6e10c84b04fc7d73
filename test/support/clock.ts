/** A clock that stands still until a test moves it. Tests pass it wherever product code takes `now` and `sleep`. */

interface Sleeper {
  wakesAtMs: number;
  wake: () => void;
}

export class FakeClock {
  #nowMs: number;
  #sleepers: Sleeper[] = [];
  #watchers: { count: number; notify: () => void }[] = [];

  constructor(start: string | Date = '2026-03-01T10:00:00.000Z') {
    this.#nowMs = new Date(start).getTime();
  }

  /** Bound, so that it can be passed as `now`. */
  readonly now = (): Date => new Date(this.#nowMs);

  /**
   * Resolves when the clock has been moved by `ms`, or at once when the signal aborts, as the product's clock does.
   * Bound, so that it can be passed as `sleep`.
   */
  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      const sleeper: Sleeper = {
        wakesAtMs: this.#nowMs + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.push(sleeper);
      this.#notify();
    });

  /** Number of `sleep` calls that have not resolved: 0 when nothing waits any more. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  /**
   * Resolves when at least `count` calls of `sleep` wait: so a test knows that the tested code has reached its pause.
   */
  untilSleeping(count = 1): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.push({ count, notify: resolve });
      this.#notify();
    });
  }

  /**
   * Moves the clock forward and resolves each `sleep` that is due, in order, each at its own time. When this resolves,
   * the code after each `sleep` has run until its next wait, unless it waits for a socket.
   */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      await settled();
      const next = this.#sleepers
        .filter((sleeper) => sleeper.wakesAtMs <= untilMs)
        .reduce<Sleeper | null>(
          (first, one) => (first === null || one.wakesAtMs < first.wakesAtMs ? one : first),
          null,
        );
      if (next === null) break;
      this.#nowMs = next.wakesAtMs;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
    }
    this.#nowMs = untilMs;
  }

  /**
   * Moves the clock until `work` has settled, to the next wake-up each time that something sleeps and not while all wait for
   * sockets: so no more time passes on a slow machine. Settles as `work` does.
   */
  async drive<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    while (!isOver) {
      await settled();
      if (isOver || this.#sleepers.length === 0) continue;
      const wakesAtMs = Math.min(...this.#sleepers.map((sleeper) => sleeper.wakesAtMs));
      await this.advance(Math.max(0, wakesAtMs - this.#nowMs));
    }
    return work;
  }

  /** Sets the clock, forwards or backwards, and resolves no `sleep`: like a correction of the system clock. */
  set(time: string | Date): void {
    this.#nowMs = new Date(time).getTime();
  }

  #notify(): void {
    const [ready, waiting] = [
      this.#watchers.filter(({ count }) => this.#sleepers.length >= count),
      this.#watchers.filter(({ count }) => this.#sleepers.length < count),
    ];
    this.#watchers = waiting;
    for (const { notify } of ready) notify();
  }
}

/** A turn of the event loop: every promise that could settle by now has. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
