/**
 * Answers and errors rebuilt from public reports, and the judgement that each must get. "(words)" replaces words that
 * do not matter.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Category, Fault } from '../../../lib/health/category.ts';
import type { ProbeKind, ProviderType } from '../../../lib/health/provider.ts';

export interface AnswerCase {
  id: string;
  type: ProviderType;
  model: string;
  probe: ProbeKind;
  status: number;
  headers: Record<string, string>;
  /** JSON, or text as it is sent. */
  body: unknown;
  /** The source of the answer. */
  found?: string;
  /** Why another result could also be right. */
  contestable?: string;
  expect: {
    healthy?: true;
    /** Any one of these is right. */
    category?: readonly Category[];
    /** Absent: either. */
    fault?: Fault;
    /** A regular expression that the shown text must match. */
    message?: string;
    /** From, to. */
    retryAfterMs?: readonly [number, number];
  };
}

export interface RouterCase {
  id: string;
  /** Absent where `fetch` returned an answer. */
  thrownBy?: string;
  status?: number | null;
  error?: unknown;
  headers?: Record<string, string>;
  name?: string;
  message?: string;
  cause?: unknown;
  /** Of an error that is built by its fields: those beyond name and message. */
  fields?: Record<string, unknown>;
  body?: unknown;
  /** The source of the answer. */
  found?: string;
  /** Why another result could also be right. */
  contestable?: string;
  /** Whether the next provider is asked. */
  failsOver: boolean;
  /** Any one of these is right; absent: it does not matter. */
  category?: readonly Category[];
  /** The wait after it in milliseconds: from, to. */
  waitMs?: readonly [number, number];
}

export const ANSWERS: readonly AnswerCase[] = [
  ...read<AnswerCase>('answers'),
  ...read<AnswerCase>('more-answers'),
  ...read<AnswerCase>('unseen-answers'),
  ...read<AnswerCase>('gathered-answers'),
  ...read<AnswerCase>('kinds-answers'),
  ...read<AnswerCase>('reported-answers'),
  ...read<AnswerCase>('later-answers'),
  ...read<AnswerCase>('misleading-answers'),
];
export const ROUTER_ERRORS: readonly RouterCase[] = [
  ...read<RouterCase>('router-errors'),
  ...read<RouterCase>('more-router-errors'),
  ...read<RouterCase>('unseen-router-errors'),
  ...read<RouterCase>('gathered-router-errors'),
  ...read<RouterCase>('kinds-router-errors'),
  ...read<RouterCase>('reported-router-errors'),
  ...read<RouterCase>('later-router-errors'),
  ...read<RouterCase>('misleading-router-errors'),
];

function read<T>(name: string): T[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8'));
}

/** The headers of a case, with the date in them that a case can only describe. */
export function headersOf({ headers = {} }: { headers?: Record<string, string> }): Record<string, string> {
  const inAMinute = new Date(Date.now() + 61_000).toUTCString();
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.startsWith('(an HTTP date') ? inAMinute : value]),
  );
}
