/**
 * Tracks the work of a checker that uses the network: probes, checks, messages. A stop aborts that work, and waits for
 * its end.
 */

export class UnderWay {
  readonly #work = new Set<Promise<unknown>>();
  #stopping = new AbortController();

  /** Aborts when the checker stops. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Registers work that a stop must wait for. @returns The same promise. */
  add<T>(work: Promise<T>): Promise<T> {
    const added = work.finally(() => this.#work.delete(added));
    this.#work.add(added);
    return added;
  }

  abort(): void {
    this.#stopping.abort();
  }

  /** Resolves when no work is left. Work that is added meanwhile ends at once, since the signal has aborted. */
  async ended(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }

  /** Allows new work after a stop. */
  reopen(): void {
    this.#stopping = new AbortController();
  }
}
