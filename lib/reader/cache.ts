/**
 * Keeps the last good copy of the statuses, and decides when to read again. At most one read runs at a time, and at most one
 * begins within `cacheSeconds`, under any load, whether it succeeds or not. The first read begins when the reader is created.
 * No function rejects.
 *
 *   age of the copy    0 ───────── cacheSeconds ───────── 2 × cacheSeconds ─────────
 *   the answer           the copy    the copy, while a      waits for the read, but no
 *                                    read is under way      longer than the budget
 *
 * The third case happens when a Lambda function was frozen for an hour: its copy is too old to use.
 */

import type { MonotonicClock } from '../base/clock.ts';
import { type Copy, copyOf } from './copy.ts';
import { type Moment, momentOf, sinceMs } from './moment.ts';
import { problem, problemOf, type ReaderProblem } from './problem.ts';
import { READ_TIMEOUT_MS, type StatusSource } from './sources/source.ts';

/** A copy, and how it was read. Null: no read has succeeded yet. */
export interface Reading {
  copy: Copy | null;
  /** Whether the caller waited for the read of this copy. */
  justRead: boolean;
  /** Why there is no newer copy, or what is wrong with this one. */
  problem: ReaderProblem | null;
}

export interface StatusCache {
  /** Returns the copy synchronously if it can: every answer calls this. */
  get(): Reading | Promise<Reading>;
  /** Returns the present copy synchronously. If it is old, a read begins in the background. */
  peek(): Reading;
  /** Reads unless the copy is fresh. It waits for the read, also longer than the budget. */
  warmUp(): Reading | Promise<Reading>;
}

export interface CacheOptions {
  source: StatusSource;
  clock: MonotonicClock;
  /** The reader's own providers. */
  ids: readonly string[];
  cacheMs: number;
  budgetMs: number;
  /** Called for each read that failed or was incomplete, and for each answer without a copy. */
  onProblem: (problem: ReaderProblem) => void;
}

/** A read that is under way. */
interface RunningRead {
  /** Resolves with the problem of the read, or null. */
  ended: Promise<ReaderProblem | null>;
  /** The same, but at most after the budget. The budget begins with the first caller that waits. */
  inBudget(): Promise<ReaderProblem | null>;
}

/** Up to this many times `cacheSeconds`, a copy is used while a newer one is read. */
const REVALIDATE_FACTOR = 2;

export function createCache({ source, clock, ids, cacheMs, budgetMs, onProblem }: CacheOptions): StatusCache {
  let copy: Copy | null = null;
  /** Why the latest read failed; null when it did not. */
  let failure: ReaderProblem | null = null;
  let running: RunningRead | null = null;
  /** When the latest read began. */
  let startedAt: Moment;

  const kept = (): Reading => ({ copy, justRead: false, problem: failure ?? copy?.problem ?? null });

  const copyAgeMs = () => (copy ? sinceMs(copy.readAt, clock) : Number.POSITIVE_INFINITY);

  async function after(ending: Promise<ReaderProblem | null>): Promise<Reading> {
    const wrong = await ending;
    return wrong ? { ...kept(), problem: wrong } : { ...kept(), justRead: true };
  }

  /** The running read, or a new one; null when the copy is fresh, or the last read began less than `cacheSeconds` ago. */
  function refresh(): RunningRead | null {
    if (copyAgeMs() < cacheMs) return null;
    const ageMs = sinceMs(startedAt, clock);
    // After the process was frozen, an old read may hang on a dead socket before its timer fires.
    if (running && ageMs <= Math.max(READ_TIMEOUT_MS, cacheMs)) return running;
    return ageMs < cacheMs ? null : startRead();
  }

  function startRead(): RunningRead {
    startedAt = momentOf(clock);
    const reading = new AbortController();
    const timers = new AbortController();
    const tooSlow = (ms: number) => clock.sleep(ms, timers.signal).then(() => problem('slow', `none in ${ms} ms`));
    const newCopy = source(reading.signal).then((items) => copyOf(items, copy, ids, momentOf(clock)));
    const finish = (result: Copy | ReaderProblem) => {
      // A newer read has replaced this one, so its result is too old.
      if (running !== read) return failure;
      running = null;
      failure = 'code' in result ? result : null;
      if ('code' in result) reading.abort();
      else copy = result;
      // A slow read was already reported when the budget ended.
      if (!isReported || failure?.code !== 'slow') report(failure ?? copy?.problem);
      return failure;
    };
    const ended = Promise.race([newCopy.catch(problemOf), tooSlow(READ_TIMEOUT_MS)]).then(finish);
    let waiting: Promise<ReaderProblem | null> | null = null;
    let isReported = false;
    const read: RunningRead = {
      ended,
      inBudget() {
        waiting ??= Promise.race([ended, tooSlow(budgetMs).then(overBudget)]);
        return waiting;
      },
    };
    const overBudget = (wrong: ReaderProblem) => {
      // If the process was blocked, the timer fires late, and the read may have ended before.
      if (copy === null && running === read) {
        isReported = true;
        report(wrong);
      }
      return wrong;
    };
    void ended.then(() => timers.abort());
    running = read;
    return read;
  }

  /** Calls `onProblem`, and ignores its errors: a failing log must not fail a request. */
  function report(problem: ReaderProblem | null | undefined) {
    if (problem)
      Promise.resolve(problem)
        .then(onProblem)
        .catch(() => {});
  }

  startRead();
  return {
    get() {
      const under = refresh();
      return under && copyAgeMs() >= REVALIDATE_FACTOR * cacheMs ? after(under.inBudget()) : kept();
    },
    peek() {
      refresh();
      return kept();
    },
    warmUp() {
      const under = refresh();
      return under ? after(under.ended) : kept();
    },
  };
}
