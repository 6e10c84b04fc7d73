/**
 * What may be shown of a provider's words: no key in any encoding, no control characters, a bounded length. failure.ts
 * chooses the words; probe.ts passes them through here before they leave the probe.
 */

import { MAX_MESSAGE_LENGTH } from '../health/check.ts';
import type { Secret } from '../keys/secret.ts';
import { redactSecrets } from './redact.ts';

/** More than this is never looked at: far beyond what is shown, and a bound on the work a provider can cause. */
const MAX_EXAMINED_LENGTH = 4096;

const MASK = '***';

/** Things that look like a key, also one that is not ours (a provider's masked echo, another tenant's). */
const KEY_LIKE: readonly [RegExp, string][] = [
  [/\b(bearer|basic)\s+[\w.~+/=*-]{6,}/gi, `$1 ${MASK}`],
  [/\b(?:sk|pk|rk|xai|gsk|csk|hf|nvapi|pplx|tgp|fw|r8|glpat|ghp)[-_][\w*.-]{6,}/gi, MASK],
  [/\bAIza[\w-]{10,}/g, MASK],
  [/\bya29\.[\w.-]{6,}/g, MASK],
  [/\b(?:AKIA|ASIA|ABSK)[\w+/=]{12,}/g, MASK],
  [/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, MASK],
  [/\b((?:x-)?(?:goog-)?api[-_]?key|access_token|authorization)(["']?\s*[:=]\s*["']?)[^\s"',;&]{6,}/gi, `$1$2${MASK}`],
  [/([?&](?:key|token)=)[^\s"'&]+/gi, `$1${MASK}`],
];

/** Control and format characters (bidi marks and zero-width ones among them), line separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The text fit to be stored and shown: without `secrets` (12 characters of one suffice to be masked, in any usual
 * encoding) and without what looks like a key, with control characters escaped, at most `limit` code points.
 *
 * @example safeMessage('Incorrect API key: sk-abcdef123456', []) // 'Incorrect API key: ***'
 */
export function safeMessage(text: string, secrets: readonly Secret[], limit: number = MAX_MESSAGE_LENGTH): string {
  const withoutSecrets = redactSecrets(text.slice(0, MAX_EXAMINED_LENGTH), secrets, MASK);
  const withoutKeys = KEY_LIKE.reduce((shown, [pattern, mask]) => shown.replace(pattern, mask), withoutSecrets);
  return cut(withoutKeys.replace(UNSAFE, escapeOf), limit);
}

function escapeOf(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/** Cuts on code points, so that no half of a character is left. */
function cut(text: string, limit: number): string {
  const points = Array.from(text);
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`;
}
