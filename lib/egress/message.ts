/**
 * Makes a provider's text safe to show: without keys in any encoding, without control characters, and of limited length.
 * Every text of a probe's outcome passes through it (lib/probe/outcome.ts).
 */

import { MAX_MESSAGE_LENGTH } from '../health/check.ts';
import type { Secret } from '../keys/secret.ts';
import { redactSecrets } from './redact.ts';

/** The most characters that are examined, so that a provider cannot cause much work. Much less is shown. */
const MAX_EXAMINED_LENGTH = 4096;

const MASK = '***';

/** Forms of keys. They also match keys that are not ours, such as a provider's partly masked echo. */
const KEY_LIKE: readonly (readonly [RegExp, (match: string, name: string, value: string) => string])[] = [
  [/\b(bearer|basic)\s+[\w.~+/=*-]{6,}/gi, (_, scheme) => `${scheme} ${MASK}`],
  [
    /\b(?:sk|pk|rk|xai|gsk|csk|hf|nvapi|pplx|tgp|fw|r8|glpat|gh[oprsu]|github_pat|xox[a-z])[-_][\w*.-]{6,}/gi,
    () => MASK,
  ],
  [/\bAIza[\w-]{10,}/g, () => MASK],
  [/\bya29\.[\w.-]{6,}/g, () => MASK],
  [/\b(?:AKIA|ASIA|ABSK)[\w+/=]{12,}/g, () => MASK],
  [/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, () => MASK],
  [/\b((?:(?:x-)?(?:goog-)?api[-_]?key|access_token|authorization)["']?\s*[:=]\s*["']?)([^\s"',;&]{6,})/gi, maskValue],
  [/([?&](?:key|token)=|\b(?:password|client_secret)=)([^\s"'&]+)/gi, maskValue],
];

/** Keeps the punctuation after the value, so that the next words of the sentence do not seem part of it. */
function maskValue(_: string, name: string, value: string): string {
  return `${name}${MASK}${/[.:;,!?)]$/.exec(value)?.[0] ?? ''}`;
}

/** Control and format characters (with bidi marks and zero-width characters), line separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text that is safe to store and show. It masks `secrets` (12 characters of a secret are enough, in any usual encoding) and texts
 * that look like a key, escapes control characters, and cuts to `limit` code points.
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

/** Cuts between code points, never within a character. */
function cut(text: string, limit: number): string {
  const points = Array.from(text);
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`;
}
