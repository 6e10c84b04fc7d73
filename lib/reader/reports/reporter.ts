/**
 * Reports to the monitor that real requests to a provider fail, so that the monitor checks it at once. Outcomes are counted in
 * this process; a report is sent only after several failures in a row. A report changes no status: the check that follows does.
 */

import { type MonotonicClock, systemClock } from '../../base/clock.ts';
import { CLOCK, expect, FUNCTION } from '../error.ts';
import { type AttemptContext, type AttemptOutcome, listenTo } from '../failover/attempt.ts';
import { shouldFailOver } from '../failover/failure.ts';
import { isFailedAnswer } from '../failover/response-body.ts';
import { expectTarget, type HttpTarget, type TableTarget } from '../options.ts';
import { problemOf, type ReaderProblem } from '../problem.ts';
import { reportSender } from './report-sender.ts';

/** Fewer failures can be chance, or one bad request that is repeated. */
const FAILURES_IN_A_ROW = 5;
/** Time between two reports about a provider. The monitor's own schedule checks it meanwhile. */
const QUIET_MS = 30_000;
const SEND_TIMEOUT_MS = 2000;

/** `error`: the error that the SDK or fetch threw, or an answer that is not ok. */
export type TrafficOutcome = AttemptOutcome;

export type ReporterOptions = (TableTarget | HttpTarget) & {
  /** Called for each report that could not be sent. Use it to write a log. */
  onProblem?: (problem: ReaderProblem) => void;
  /** Default: the process's clocks. */
  clock?: MonotonicClock;
};

/** A monitor that does not answer makes no method throw. Only `flush` waits for the monitor. */
export interface Reporter {
  /**
   * Counts the outcome of one request. Errors that every provider would return are not counted.
   *
   * @throws {ReaderError} When an argument is missing or wrong.
   */
  report(provider: string, outcome: TrafficOutcome): void;
  /**
   * Wraps an attempt of `withFailover`, and reports its outcomes. A stream is reported when it has ended; it fails without a
   * first token, with an error in it, or by silence. Outside of `withFailover`, a stream counts as good when it begins.
   */
  watch<Id extends string, T>(
    attempt: (provider: Id, context: AttemptContext) => T | Promise<T>,
  ): (provider: Id, context: AttemptContext) => Promise<T>;
  /** Resolves when all reports are sent, after at most 2 s. In Lambda, await it before the answer: a frozen process cannot send. */
  flush(): Promise<void>;
}

/**
 * Creates a reporter to the monitor's table, which needs `grantReport` of the stack, or to its HTTP API, which needs the right
 * to check by hand. Create one reporter, outside of the handler, and keep it.
 *
 * @example
 * const reporter = createReporter({ tableName: 'provider-health' });
 * const { value } = await withFailover({ reader: health, attempt: reporter.watch(ask) });
 *
 * @throws {ReaderError} When an option is wrong.
 */
export function createReporter(options: ReporterOptions): Reporter {
  checkOptions(options);
  const { onProblem, clock = systemClock, ...target } = options;
  const send = reportSender(target, clock);
  const failures = new Map<string, number>();
  const quietUntilMs = new Map<string, number>();
  const sending = new Set<Promise<void>>();

  function report(provider: string, outcome: TrafficOutcome): void {
    expect(typeof provider === 'string' && provider !== '', 'provider', "a provider's id, such as 'openai'", provider);
    expect(typeof Object(outcome).ok === 'boolean', 'outcome', '{ ok: true } or { ok: false, error }', outcome);
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
        // A failing log must not fail a request.
      }
    } finally {
      done.abort();
    }
  }

  return {
    report,
    watch: (attempt) => {
      expect(typeof attempt === 'function', 'attempt', 'the function that makes the request', attempt);
      return async (provider, context) => {
        if (listenTo(context, (outcome) => report(provider, outcome))) return attempt(provider, context);
        try {
          const value = await attempt(provider, context);
          report(provider, isFailedAnswer(value) ? { ok: false, error: value } : { ok: true });
          return value;
        } catch (error) {
          // The error of an aborted SDK does not show why it was aborted; the signal's reason does.
          report(provider, { ok: false, error: context.signal.aborted ? context.signal.reason : error });
          throw error;
        }
      };
    },
    async flush() {
      await Promise.all(sending);
    },
  };
}

function checkOptions(options: ReporterOptions): void {
  expect(Object(options) === options, 'options', 'an object with `tableName` or `url`', options);
  expectTarget({ onProblem: FUNCTION, clock: CLOCK }, options);
}

/** False for a request that every provider would refuse, and for one that the caller aborted. */
function isProvidersFault(error: unknown): boolean {
  return shouldFailOver(error) && !(error instanceof Error && error.name === 'AbortError');
}
