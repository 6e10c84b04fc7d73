/**
 * Decides why an answer is a failure: redirect, then what the body says, then the status, then the shape. Failures
 * without an answer are http.ts's; whether a 200 is genuine is the adapters'.
 */

import { parseJson } from '../../base/json.ts';
import { rowOf } from '../../base/json-value.ts';
import { type Category, faultOf } from '../../health/category.ts';
import type { BadVerdict, ProbeAnswer } from '../adapters/adapter.ts';
import { type FailureBody, readFailureBody } from './body.ts';
import { limitResetMs, retryAfterMs } from './retry-after.ts';
import { categoryOfStatus } from './status.ts';
import type { FailureTable } from './tables.ts';

/** Failures that end by themselves when a limit refills. */
const LIMITED: ReadonlySet<Category> = new Set<Category>(['rate_limited', 'overloaded', 'quota']);

/**
 * The verdict on an answer that is none of a working provider.
 *
 * @param expected What would have been a good answer, as in "a chat completion".
 * @param known The category, when something other than status and body has told it (a finish reason).
 */
export function failedAnswer(
  answer: ProbeAnswer,
  table: FailureTable,
  expected: string,
  requestId: string | null,
  known?: { category: Category; because: string },
): BadVerdict {
  const body = readFailureBody(answer.body, answer.headers['x-amzn-errortype']);
  const asked = retryAfterMs(answer.headers, parseJson(answer.body), answer.receivedAt);
  const resets = limitResetMs(answer.headers, answer.receivedAt);
  const category = known?.category ?? categoryOf(answer.statusCode, body, table, asked ?? resets);
  return {
    isHealthy: false,
    category,
    fault: faultOf(category),
    errorMessage: known ? `expected ${expected}, got ${known.because}` : messageOf(answer, body, category, expected),
    retryAfterMs: asked ?? (LIMITED.has(category) && answer.statusCode !== 200 ? resets : null),
    requestId,
  };
}

function categoryOf(statusCode: number, body: FailureBody, table: FailureTable, hintMs: number | null): Category {
  const byStatus = categoryOfStatus(statusCode);
  if (byStatus === 'redirect') return 'redirect';
  return (
    byMessage(statusCode, body.message, table) ??
    first(body.codes, (code) => rowOf(table.codes, code)) ??
    (statusCode === 429 && hintMs === null ? table.hintless429 : null) ??
    first(body.codes, (code) => byStatusInBody(code, table)) ??
    rowOf(table.statuses, String(statusCode)) ??
    byStatus ??
    first(body.codes, (code) => rowOf(table.types, code)) ??
    'invalid_response'
  );
}

function byMessage(statusCode: number, message: string, table: FailureTable): Category | null {
  return table.messages.find((rule) => rule.statusCode === statusCode && rule.text.test(message))?.category ?? null;
}

/** Gateways put the status they got into the body of an answer with another one, a 200 even. */
function byStatusInBody(code: string, table: FailureTable): Category | null {
  return /^[45]\d\d$/.test(code) ? (rowOf(table.statuses, code) ?? categoryOfStatus(Number(code))) : null;
}

function first<T>(codes: readonly string[], look: (code: string) => T | null): T | null {
  for (const code of codes) {
    const found = look(code);
    if (found !== null) return found;
  }
  return null;
}

function messageOf(answer: ProbeAnswer, body: FailureBody, category: Category, expected: string): string {
  if (category === 'redirect') {
    const to = answer.headers.location ?? 'nowhere';
    return `HTTP ${answer.statusCode} to ${to}: redirects are not followed; give the final address as baseUrl`;
  }
  const codes = body.codes.filter((code) => code !== String(answer.statusCode)).slice(0, 2);
  const got = `HTTP ${answer.statusCode}${codes.length === 0 ? '' : ` ${codes.join(' ')}`}: ${body.message}`;
  return category === 'invalid_response' ? `expected ${expected}, got ${got}` : got;
}
