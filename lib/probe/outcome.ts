/** Combines the measurement and the verdict of a probe. The result is safe to store and to show. */

import { sentence } from '../base/sentence.ts';
import { HOUR_MS } from '../base/time.ts';
import { safeMessage } from '../egress/message.ts';
import { faultOf } from '../health/category.ts';
import { MAX_MESSAGE_LENGTH, type ProbeOutcome, type TokenUse } from '../health/check.ts';
import type { Secret } from '../keys/secret.ts';
import type { BadVerdict, Verdict } from './adapters/adapter.ts';
import { ESTIMATED_PROMPT_TOKENS } from './adapters/prompt.ts';
import { maxTokensOf } from './presets/presets.ts';
import type { ProbeTarget } from './prober.ts';
import { responseTimeMs, type Trace, timingsOf, tokensPerSecond } from './wire/stamps.ts';

const LONGEST_REQUEST_ID = 128;
const LONGEST_RETRY_AFTER_MS = HOUR_MS;

/** The measurement of a probe. */
export interface Measured {
  target: ProbeTarget;
  trace: Trace;
  uncertain: boolean;
  /** Texts that must not be shown. */
  secrets: readonly Secret[];
}

export function outcomeOf(measured: Measured, verdict: Verdict): ProbeOutcome {
  const { target, trace, uncertain, secrets } = measured;
  const tokens = verdict.isHealthy ? verdict.tokens : tokensOfFailure(target, trace);
  const measurement = {
    responseTimeMs: responseTimeMs(trace),
    statusCode: trace.statusCode,
    timings: timingsOf(trace),
    probe: target.kind,
    tokens,
    tokensPerSecond: verdict.isHealthy && tokens !== null ? tokensPerSecond(trace, tokens.output) : null,
    requestId: verdict.requestId === null ? null : safeMessage(verdict.requestId, secrets, LONGEST_REQUEST_ID),
    newConnection: trace.newConnection,
    ...(trace.resumed && { resumed: true as const }),
    uncertain,
  };
  if (verdict.isHealthy) {
    return {
      ...measurement,
      isHealthy: true,
      warning: verdict.warning === null ? null : safeMessage(verdict.warning, secrets),
      errorMessage: null,
      category: null,
      fault: null,
      retryAfterMs: null,
    };
  }
  return {
    ...measurement,
    isHealthy: false,
    warning: null,
    errorMessage: shownMessage(verdict, secrets),
    category: verdict.category,
    fault: verdict.fault,
    retryAfterMs: verdict.retryAfterMs === null ? null : clamp(verdict.retryAfterMs, LONGEST_RETRY_AFTER_MS),
    ...(verdict.monitorFault && { monitorFault: true }),
  };
}

/** The message, and advice if there is any. The message is shortened to leave room for the advice. */
function shownMessage({ errorMessage, advice }: BadVerdict, secrets: readonly Secret[]): string {
  if (advice === null) return safeMessage(errorMessage, secrets);
  const shown = safeMessage(errorMessage, secrets, MAX_MESSAGE_LENGTH - advice.length - 2);
  return `${sentence(shown)} ${advice}`;
}

/** A verdict without an adapter: no answer came, or no request was sent. */
export function failure(
  fields: Pick<BadVerdict, 'category' | 'errorMessage'> &
    Partial<Pick<BadVerdict, 'fault' | 'monitorFault' | 'advice'>>,
): Verdict {
  return {
    isHealthy: false,
    fault: faultOf(fields.category),
    advice: null,
    retryAfterMs: null,
    requestId: null,
    ...fields,
  };
}

/** The verdict on a probe that failed because the monitor's own machine or network lacked something. */
export function monitorFault(why: string): Verdict {
  const errorMessage = `${why}: this says nothing about the provider`;
  return failure({ category: 'config', fault: 'ours', errorMessage, monitorFault: true });
}

/**
 * Estimates the tokens of a failed probe. A refused request costs nothing. Any other sent request may have been
 * answered and billed, although no usable answer arrived.
 */
function tokensOfFailure({ config, kind }: ProbeTarget, { statusCode, writtenAt }: Trace): TokenUse | null {
  const refused = statusCode !== null && statusCode >= 300;
  if (kind === 'models' || writtenAt === null || refused) return null;
  return { input: ESTIMATED_PROMPT_TOKENS, output: maxTokensOf(config), estimated: true };
}

function clamp(ms: number, most: number): number {
  return Math.min(most, Math.max(0, Math.round(ms)));
}
