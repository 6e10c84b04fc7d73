/** Decides which answers are failures, and reads a copy of the body of those of fetch. The answer itself stays unread. */

import { type Clock, inTime } from '../../base/clock.ts';
import { objectOf, textOf } from '../../base/json-value.ts';

/** The most bytes to read of a body: as much as the probes read. */
const MOST_BYTES = 65_536;
/** Do not wait longer for a slow body: the status is already known. */
const LONGEST_MS = 1000;

/**
 * Whether an answer of fetch is not ok or is a web page, or a parsed answer is an error object. Only firewalls, proxies and
 * sign-in pages answer with HTML, also with 200; gateways send error objects with 200, too.
 */
export function isFailedAnswer(value: unknown): boolean {
  if (value instanceof Response) return !value.ok || /^text\/html/i.test(value.headers.get('content-type') ?? '');
  return isErrorObject(value);
}

/** The fields in which an answer has its text. An answer that has one may be cut short by an error, but is one. */
const TEXT_FIELDS = ['choices', 'content', 'candidates', 'output', 'message'];

function isErrorObject(value: unknown): boolean {
  const answer = objectOf(value);
  // Objects of a class are no parsed JSON.
  if (answer === null || Object.getPrototypeOf(answer) !== Object.prototype) return false;
  const error = objectOf(answer.error);
  return textOf(error?.message) !== null && !TEXT_FIELDS.some((field) => field in answer);
}

const bodies = new WeakMap<object, string>();

/** The text that `keepBody` read; undefined when it read nothing. */
export function keptBody(response: object): string | undefined {
  return bodies.get(response);
}

/**
 * Reads a copy of the body, for `keptBody`. Waits at most `timeoutMs`, and never rejects. Keeps nothing when there is no body, or
 * when the caller has read it.
 */
export async function keepBody(response: Response, timeoutMs: number, clock: Clock): Promise<void> {
  if (bodies.has(response) || response.bodyUsed || response.body === null || response.body.locked) return;
  const reader = response.clone().body?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  let text = '';
  const readAll = async () => {
    for (let bytes = 0; bytes < MOST_BYTES; ) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value.subarray(0, MOST_BYTES - bytes), { stream: true });
      bytes += value.length;
    }
  };
  const nothing = () => {};
  // If the connection breaks, the part that arrived may be enough.
  await inTime(readAll().catch(nothing), Math.min(LONGEST_MS, timeoutMs), clock);
  reader.cancel().catch(nothing);
  bodies.set(response, text);
}
