/** The deadline of a probe: its own timeout, unless the caller ends it before. */

/** The provider's timeout is over. The probe's trace shows in which phase. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'ERR_PROBE_TIMEOUT';
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`timed out after ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** The caller ended the probe before its own timeout, so it says nothing about the provider. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

export class Deadline {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  #lastRead: NodeJS.Immediate | undefined;
  #leftMs: number;
  #runningSince: number | null = null;

  /** Starts at once. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#leftMs = timeoutMs;
    this.#run();
  }

  /** Its reason is a {@link TimeoutError}, a {@link CancelledError}, or the reason given to `abort`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Stops the clock while the probe waits for its turn, since waiting in our own queue does not count. */
  pause(): void {
    this.#leftMs = this.#left();
    this.#runningSince = null;
  }

  resume(): void {
    if (this.#runningSince === null) this.#run();
  }

  /** Starts again with the whole timeout. */
  restart(): void {
    this.pause();
    this.#leftMs = this.#timeoutMs;
    this.#run();
  }

  /** Ends the probe for another reason. */
  abort(reason: Error): void {
    this.#disarm();
    this.#controller.abort(reason);
  }

  /** The caller ends the probe. */
  cancel(): void {
    this.abort(new CancelledError('cancelled by the caller'));
  }

  /** Clears the timer. To be called at the end. */
  clear(): void {
    this.pause();
    this.#disarm();
  }

  #left(): number {
    return this.#runningSince === null ? this.#leftMs : this.#leftMs - (performance.now() - this.#runningSince);
  }

  /**
   * Arms the timer unless one is armed. A pause or a restart only moves the end later, so the timer stays and checks the
   * time when it fires. A usual probe needs only one.
   */
  #run(): void {
    if (this.signal.aborted) return;
    this.#runningSince = performance.now();
    this.#timer ??= setTimeout(() => this.#onTimer(), Math.max(0, this.#leftMs));
  }

  #onTimer(): void {
    this.#timer = undefined;
    if (this.#runningSince === null) return;
    const leftMs = this.#left();
    if (leftMs > 0) this.#timer = setTimeout(() => this.#onTimer(), leftMs);
    else this.#lastRead = setImmediate(() => this.#onLastRead());
  }

  /**
   * After a stall of this process its timers fire before its sockets are read, and the answer may be among what came
   * meanwhile. So the sockets are read once more before the time is over.
   */
  #onLastRead(): void {
    this.#lastRead = undefined;
    if (this.#runningSince === null) return;
    if (this.#left() > 0) this.#timer ??= setTimeout(() => this.#onTimer(), this.#left());
    else this.abort(new TimeoutError(this.#timeoutMs));
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#lastRead);
    this.#timer = undefined;
    this.#lastRead = undefined;
  }
}

/** Settles like `work`, or rejects with the signal's reason. After that, the result of `work` is ignored. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
