import type { Clock } from '../../../lib/base/clock.ts';
import { START } from '../../support/builders.ts';

/** A clock that is moved by hand. The pause before a confirming probe is over at once, every other one when it is due. */
export class StepClock implements Clock {
  #nowMs = Date.parse(START);
  #sleepers: { untilMs: number; wake: () => void }[] = [];
  readonly now = (): Date => new Date(this.#nowMs);

  advance(ms: number): void {
    this.#nowMs += ms;
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
