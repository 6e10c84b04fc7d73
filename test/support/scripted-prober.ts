/**
 * A prober whose results a test sets, for tests of the tick's rules; other tests run real probes against real servers.
 */

import type { Category } from '../../lib/health/category.ts';
import type { ProbeOutcome } from '../../lib/health/check.ts';
import type { ProbeResult, Prober, ProbeTarget } from '../../lib/probe/prober.ts';
import { failedCheck, goodCheck } from './builders.ts';

type Step = (target: ProbeTarget, signal: AbortSignal | undefined) => Promise<ProbeResult> | ProbeResult;

export class ScriptedProber implements Prober {
  /** Every probe sent, in order. */
  readonly probed: ProbeTarget[] = [];
  closed = false;
  readonly #steps = new Map<string, Step[]>();

  /**
   * The results of a provider's next probes, one step for each probe; the last step is repeated. Without a script: a
   * good answer.
   */
  script(provider: string, ...steps: Step[]): this {
    this.#steps.set(provider, steps);
    return this;
  }

  probe(target: ProbeTarget, signal?: AbortSignal): Promise<ProbeResult> {
    this.probed.push(target);
    const steps = this.#steps.get(target.config.id) ?? [];
    const step = (steps.length > 1 ? steps.shift() : steps[0]) ?? good();
    return Promise.resolve(step(target, signal));
  }

  probeAll(targets: readonly ProbeTarget[], signal?: AbortSignal): Promise<ProbeResult>[] {
    return targets.map((target) => this.probe(target, signal));
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  /** Ids of the probes sent, in order. */
  get ids(): string[] {
    return this.probed.map((target) => target.config.id);
  }
}

/** A good answer. */
export function good(responseTimeMs = 200): Step {
  return (target) => outcomeOf({ ...goodCheck({ responseTimeMs }), probe: target.kind });
}

/** A failure of this category. */
export function bad(category: Category, fields: { retryAfterMs?: number } = {}): Step {
  return (target) => outcomeOf({ ...failedCheck(category, fields), probe: target.kind });
}

/** No answer until the signal aborts; the result is then unknown. */
export function hanging(): Step {
  return (_target, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) resolve(null);
      signal?.addEventListener('abort', () => resolve(null), { once: true });
    });
}

/** An answer that comes when the test says so. */
export function held(step: Step = good()): { step: Step; release: () => void } {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { step: async (target, signal) => released.then(() => step(target, signal)), release: () => release() };
}

function outcomeOf(check: ReturnType<typeof goodCheck> | ReturnType<typeof failedCheck>): ProbeOutcome {
  const { provider, model, timestamp, trigger, attempts, firstAttempt, ...outcome } = check;
  return outcome;
}
