/**
 * Keeps the last good copy of the statuses and decides when to read again: at most one read in flight, at most one begun
 * in `cacheSeconds`, under any load and whether or not it succeeds. The first begins when the reader is made. It never
 * rejects.
 *
 *   age of the copy    0 ───────── cacheSeconds ───────── 2 × cacheSeconds ─────────
 *   the answer           the copy    the copy, while a      waits for the read, but no
 *                                    read is under way      longer than the budget
 *
 * The third part is what a Lambda meets that was frozen for an hour: its copy is too old to be used unasked.
 */

import type { MonotonicClock } from '../base/clock.ts';
import { type Copy, copyOf } from './copy.ts';
import { type Moment, momentOf, sinceMs } from './moment.ts';
import { problem, problemOf, type ReaderProblem } from './problem.ts';
import { READ_TIMEOUT_MS, type StatusSource } from './sources/source.ts';

/** A copy and how it was read; without a copy nothing is known. */
export interface Reading {
  copy: Copy | null;
  /** Whether the read that brought the copy was waited for. */
  justRead: boolean;
  /** Why there is no newer copy, or what is wrong with this one. */
  problem: ReaderProblem | null;
}

export interface StatusCache {
  /** At once where it can be: the hot path of every answer. */
  get(): Reading | Promise<Reading>;
  /** At once, always: from the copy there is. Has a newer one read in the background where that is old. */
  peek(): Reading;
  /** Reads unless the copy is fresh, and waits for it beyond the budget. */
  warmUp(): Reading | Promise<Reading>;
}

export interface CacheOptions {
  source: StatusSource;
  clock: MonotonicClock;
  /** The reader's own providers. */
  ids: readonly string[];
  cacheMs: number;
  budgetMs: number;
  /** Hears of every read that failed or brought less than it should, and of an answer that no copy was there for. */
  onProblem: (problem: ReaderProblem) => void;
}

interface Flight {
  startedAt: Moment;
  /** Both resolve with what went wrong, or null. */
  ended: Promise<ReaderProblem | null>;
  /** Counted from the first caller who waits for it, so that those who come late do not wait anew. */
  endedOrOverBudget(): Promise<ReaderProblem | null>;
}

/** How many times older than `cacheSeconds` a copy may be and still be given out while a newer one is read. */
const REVALIDATE_FACTOR = 2;

export function createCache({ source, clock, ids, cacheMs, budgetMs, onProblem }: CacheOptions): StatusCache {
  let copy: Copy | null = null;
  /** Why the latest read failed; null when it did not. */
  let failure: ReaderProblem | null = null;
  let flight: Flight | null = null;
  let lastStart: Moment | null = null;

  const kept = (): Reading => ({ copy, justRead: false, problem: failure ?? copy?.problem ?? null });

  const copyAgeMs = () => (copy ? sinceMs(copy.readAt, clock) : Number.POSITIVE_INFINITY);

  async function after(ending: Promise<ReaderProblem | null>): Promise<Reading> {
    const wrong = await ending;
    return wrong ? { ...kept(), problem: wrong } : { ...kept(), justRead: true };
  }

  /** The read under way, or a new one; null when the last one began too recently to begin another. */
  function current(): Flight | null {
    // A read that was frozen with its process may hang on a dead socket, its timer not yet having noticed.
    if (flight && sinceMs(flight.startedAt, clock) <= Math.max(READ_TIMEOUT_MS, cacheMs)) return flight;
    return lastStart && sinceMs(lastStart, clock) < cacheMs ? null : takeOff();
  }

  function takeOff(): Flight {
    const startedAt = momentOf(clock);
    const reading = new AbortController();
    const timers = new AbortController();
    const tooSlow = (ms: number) => clock.sleep(ms, timers.signal).then(() => problem('slow', `none in ${ms} ms`));
    const brought = source(reading.signal).then((read) => copyOf(read, copy, ids, momentOf(clock)));
    const land = (result: Copy | ReaderProblem) => {
      // Another has taken its place, and what it brings is older.
      if (flight !== started) return failure;
      flight = null;
      failure = 'code' in result ? result : null;
      if ('code' in result) reading.abort();
      else copy = result;
      // A caller who could not wait so long has said so already.
      if (!isReported || failure?.code !== 'slow') report(failure ?? copy?.problem);
      return failure;
    };
    const ended = Promise.race([brought.catch(problemOf), tooSlow(READ_TIMEOUT_MS)]).then(land);
    let waiting: Promise<ReaderProblem | null> | null = null;
    let isReported = false;
    const started: Flight = {
      startedAt,
      ended,
      endedOrOverBudget() {
        waiting ??= Promise.race([ended, tooSlow(budgetMs).then(overBudget)]);
        return waiting;
      },
    };
    const overBudget = (wrong: ReaderProblem) => {
      // The timer comes late where something blocked the process, and the read may have ended meanwhile.
      if (copy === null && flight === started) {
        isReported = true;
        report(wrong);
      }
      return wrong;
    };
    void ended.then(() => timers.abort());
    flight = started;
    lastStart = startedAt;
    return started;
  }

  /** A log that fails, at once or later, is no reason for a request to fail. */
  function report(problem: ReaderProblem | null | undefined) {
    if (problem)
      Promise.resolve(problem)
        .then(onProblem)
        .catch(() => {});
  }

  takeOff();
  return {
    get() {
      const ageMs = copyAgeMs();
      const under = ageMs < cacheMs ? null : current();
      return under && ageMs >= REVALIDATE_FACTOR * cacheMs ? after(under.endedOrOverBudget()) : kept();
    },
    peek() {
      if (copyAgeMs() >= cacheMs) current();
      return kept();
    },
    warmUp() {
      const under = copyAgeMs() < cacheMs ? null : current();
      return under ? after(under.ended) : kept();
    },
  };
}
