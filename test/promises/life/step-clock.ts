import type { Clock } from '../../../lib/base/clock.ts';
import { START } from '../../support/builders.ts';

/** The clock of one process, which may be wrong. */
export interface ProcessClock extends Clock {
  /** The next call of the process to the table is at the process's own time. */
  enter(): void;
}

/**
 * A clock that the test moves, and the clocks of processes that are ahead of it. The pause before a confirming probe
 * ends at once, every other pause when it is due.
 */
export class StepClock implements Clock {
  #nowMs = Date.parse(START);
  #aheadMs = 0;
  /** Every time that it showed, in epoch milliseconds. */
  readonly shown: number[] = [this.#nowMs];
  #sleepers: { untilMs: number; wake: () => void }[] = [];
  readonly now = (): Date => new Date(this.#nowMs);
  /** The time for the process that entered last. */
  readonly seen = (): Date => new Date(this.#nowMs + this.#aheadMs);

  ahead(ms: number): ProcessClock {
    return {
      now: () => new Date(this.#nowMs + ms),
      sleep: (forMs, signal) => this.sleep(forMs, signal),
      enter: () => {
        this.#aheadMs = ms;
      },
    };
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    this.shown.push(this.#nowMs);
    const due = this.#sleepers.filter(({ untilMs }) => untilMs <= this.#nowMs);
    this.#sleepers = this.#sleepers.filter(({ untilMs }) => untilMs > this.#nowMs);
    for (const { wake } of due) wake();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 1000 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { untilMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      const end = () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        resolve();
      };
      signal?.addEventListener('abort', end, { once: true });
    });
  }
}
