/**
 * Reports to the monitor which providers real traffic fails at, so that it checks them at once. Outcomes are counted in this
 * process, and nothing is sent before several failures in a row: a report costs nothing as long as all is well. What is
 * believed of a provider follows from the monitor's check, never from a report.
 */

import { type MonotonicClock, systemClock } from '../../base/clock.ts';
import { type AttemptContext, type AttemptOutcome, listenTo } from '../failover/attempt.ts';
import { shouldFailOver } from '../failover/failure.ts';
import { isFailedAnswer } from '../failover/response-body.ts';
import type { HttpTarget, TableTarget } from '../options.ts';
import { problemOf, type ReaderProblem } from '../problem.ts';
import { reportSender } from './report-sender.ts';

/** Fewer can be chance, or one bad request that is tried again. */
const FAILURES_IN_A_ROW = 5;
/** The monitor checks a provider by hand once in 10 s; its schedule sees the rest. */
const QUIET_MS = 30_000;
const SEND_TIMEOUT_MS = 2000;

/** `error`: what the SDK or fetch threw, or an answer that is not ok. */
export type TrafficOutcome = AttemptOutcome;

export type ReporterOptions = (TableTarget | HttpTarget) & {
  /** Called for each report that could not be sent; for a log. */
  onProblem?: (problem: ReaderProblem) => void;
  /** Default: the process's clocks. */
  clock?: MonotonicClock;
};

/** No method throws, and none waits for the monitor but `flush`. */
export interface Reporter {
  /** Says how one request to a provider went. Errors that another provider would give too are not counted. */
  report(provider: string, outcome: TrafficOutcome): void;
  /**
   * The same attempt, whose outcomes are reported: for `withFailover`, which judges them. So a stream counts when it has
   * ended, as what withFailover sees it end with: no first token, an error in it, silence. Called elsewhere, it counts as
   * good as soon as it begins.
   */
  watch<Id extends string, T>(
    attempt: (provider: Id, context: AttemptContext) => T | Promise<T>,
  ): (provider: Id, context: AttemptContext) => Promise<T>;
  /** Resolves when nothing is being sent, after 2 s at most. A Lambda awaits it before it answers: frozen, it sends nothing. */
  flush(): Promise<void>;
}

/**
 * Makes a reporter to the monitor's table, where the stack has to `grantReport`, or to its HTTP API, where the caller has
 * to be one that may check by hand. Make one, outside of the handler, and keep it.
 *
 * @example
 * const reporter = createReporter({ tableName: 'provider-health' });
 * const { value } = await withFailover({ reader: health, attempt: reporter.watch(ask) });
 *
 * @throws {ReaderError} When an option is wrong.
 */
export function createReporter({ onProblem, clock = systemClock, ...target }: ReporterOptions): Reporter {
  const send = reportSender(target, clock);
  const failures = new Map<string, number>();
  const quietUntilMs = new Map<string, number>();
  const sending = new Set<Promise<void>>();

  function report(provider: string, outcome: TrafficOutcome): void {
    if (outcome.ok) return void failures.delete(provider);
    if (!isProvidersFault(outcome.error)) return;
    const inARow = (failures.get(provider) ?? 0) + 1;
    failures.set(provider, inARow);
    const nowMs = clock.monotonicMs();
    if (inARow < FAILURES_IN_A_ROW || nowMs < (quietUntilMs.get(provider) ?? 0)) return;
    failures.delete(provider);
    quietUntilMs.set(provider, nowMs + QUIET_MS);
    const sent = sendReport(provider).finally(() => sending.delete(sent));
    sending.add(sent);
  }

  async function sendReport(provider: string): Promise<void> {
    const over = new AbortController();
    const done = new AbortController();
    void clock.sleep(SEND_TIMEOUT_MS, done.signal).then(() => {
      over.abort(new DOMException(`no answer within ${SEND_TIMEOUT_MS} ms`, 'TimeoutError'));
    });
    try {
      await send(provider, over.signal);
    } catch (error) {
      try {
        onProblem?.(problemOf(error));
      } catch {
        // A log that fails is no reason for a request to fail.
      }
    } finally {
      done.abort();
    }
  }

  return {
    report,
    watch: (attempt) => async (provider, context) => {
      if (listenTo(context, (outcome) => report(provider, outcome))) return attempt(provider, context);
      try {
        const value = await attempt(provider, context);
        report(provider, isFailedAnswer(value) ? { ok: false, error: value } : { ok: true });
        return value;
      } catch (error) {
        // What SDKs throw when they are aborted does not say whether the time was over or another was quicker.
        report(provider, { ok: false, error: context.signal.aborted ? context.signal.reason : error });
        throw error;
      }
    },
    async flush() {
      await Promise.all(sending);
    },
  };
}

/** Neither a request that is wrong anywhere, nor one that its caller gave up. */
function isProvidersFault(error: unknown): boolean {
  return shouldFailOver(error) && !(error instanceof Error && error.name === 'AbortError');
}
