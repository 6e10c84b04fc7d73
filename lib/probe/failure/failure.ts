/**
 * The verdict on a failed answer: its category from the catalogue, and its message. Not here: failures without an
 * answer (transport.ts), and whether an answer with status 200 is genuine (adapters).
 */

import { parseJson } from '../../base/json.ts';
import { type Advice, SPECIAL_ADVICE } from '../../failures/advice.ts';
import { byItsWait } from '../../failures/allowance.ts';
import type { Layer } from '../../failures/layer.ts';
import { limitResetMs } from '../../failures/limits.ts';
import { type Judgement, judge } from '../../failures/match.ts';
import { headerReader, retryAfterBodyMs, retryAfterHeaderMs, retryAfterWordsMs } from '../../failures/retry-after.ts';
import { scopeOf } from '../../failures/scopes.ts';
import { awsName, unwrap } from '../../failures/unwrap.ts';
import { type Category, faultOf } from '../../health/category.ts';
import type { ProviderType } from '../../health/provider.ts';
import type { BadVerdict, ProbeAnswer } from '../adapters/adapter.ts';
import { isErrorBody, shownCodes, shownWords } from './body.ts';

/** Failures that end when a limit is reset. */
const LIMITED: ReadonlySet<Category> = new Set<Category>(['rate_limited', 'overloaded', 'quota']);

/** The request of the probe, for messages. */
export interface Asked {
  type: ProviderType;
  /** The requested URL. */
  url: string;
  /** What a good answer would be, such as "a chat completion". */
  expected: string;
}

/** @param known The category, if something else than status and body shows it, such as a finish reason. */
export function failedAnswer(
  answer: ProbeAnswer,
  asked: Asked,
  requestId: string | null,
  known?: { category: Category; because: string },
): BadVerdict {
  const layers = layersOf(answer);
  const header = headerReader(answer.headers);
  const resets = limitResetMs(header, Object.keys(answer.headers), answer.receivedAt);
  const hinted =
    retryAfterHeaderMs(header, answer.receivedAt) ?? retryAfterBodyMs(parseJson(answer.body), answer.receivedAt);
  const worded = judgementOf(answer, asked, layers, (hinted ?? resets) !== null);
  const judged = byItsWait(worded, hinted ?? retryAfterWordsMs(layers), layers);
  const category = known?.category ?? judged.category;
  const isLimited = LIMITED.has(category);
  return {
    isHealthy: false,
    category,
    fault: faultOf(category),
    errorMessage: known ? `expected ${asked.expected}, got ${known.because}` : messageOf(answer, judged, layers, asked),
    advice: known || judged.advice === null ? null : SPECIAL_ADVICE[judged.advice],
    retryAfterMs:
      hinted ??
      (isLimited ? retryAfterWordsMs(layers) : null) ??
      (isLimited && answer.statusCode !== 200 ? resets : null),
    requestId,
  };
}

function layersOf({ body, headers }: ProbeAnswer): Layer[] {
  const layers = unwrap(body);
  const named = headers['x-amzn-errortype'];
  if (body.trim() === '') layers.push({ depth: 0, writer: null, upstream: null, codes: ['empty'], message: null });
  const outermost = layers.at(-1);
  if (named === undefined || outermost === undefined) return layers;
  return [...layers.slice(0, -1), { ...outermost, codes: [awsName(named), ...outermost.codes] }];
}

function judgementOf(answer: ProbeAnswer, { type }: Asked, layers: readonly Layer[], hasHint: boolean): Judgement {
  const decided = (category: Category, advice: Advice | null = null): Judgement => ({
    category,
    advice,
    code: null,
    layer: null,
    byStatus: true,
  });
  // Redirects are not followed: the key must not be sent to another address.
  if (answer.statusCode >= 300 && answer.statusCode < 400) return decided('redirect');
  const scope = scopeOf(type);
  const judged =
    judge({ ...answer, header: headerReader(answer.headers), layers }, scope) ??
    decided('invalid_response', isErrorBody(parseJson(answer.body)) ? 'odd' : null);
  const isMoney = judged.byStatus && answer.statusCode === 429 && scope.alwaysHints && !hasHint;
  return isMoney ? { ...judged, category: 'quota' } : judged;
}

function messageOf(
  answer: ProbeAnswer,
  { category, layer: deciding, byStatus }: Judgement,
  layers: readonly Layer[],
  asked: Asked,
): string {
  const { statusCode } = answer;
  if (category === 'redirect') {
    const to = answer.headers.location ?? 'nowhere';
    return `HTTP ${statusCode} to ${to}: redirects are not followed; give the final address as baseUrl`;
  }
  // A gateway repeats its provider's status, and keeps the provider's reason in a layer below.
  const layer = (byStatus && layers.find(({ upstream, message }) => upstream !== null && message !== null)) || deciding;
  const codes = shownCodes(layer, statusCode);
  const words = shownWords(layer, layers, answer.body);
  const got = `HTTP ${statusCode}${codes.length === 0 ? '' : ` ${codes.join(' ')}`}: ${words}`;
  if (category === 'config') return `${asked.url} is not this API: correct baseUrl. ${got}`;
  return category === 'invalid_response' ? `expected ${asked.expected}, got ${got}` : got;
}
