/** The work of a checker that may call out: probes, checks, messages. A stop aborts it, and waits for its end. */

export class UnderWay {
  readonly #work = new Set<Promise<unknown>>();
  #stopping = new AbortController();

  /** Aborts when the checker stops. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** The same promise, which a stop waits for. */
  add<T>(work: Promise<T>): Promise<T> {
    const added = work.finally(() => this.#work.delete(added));
    this.#work.add(added);
    return added;
  }

  abort(): void {
    this.#stopping.abort();
  }

  /** Resolves when nothing is under way: what is added meanwhile ends at once, and is waited for too. */
  async ended(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }

  /** Lets work begin again after a stop. */
  reopen(): void {
    this.#stopping = new AbortController();
  }
}
