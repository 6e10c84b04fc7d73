/** Which answers of fetch are failures, and what they say: read for their judgement, the answer itself stays unread. */

import type { Clock } from '../../base/clock.ts';

/** As much of an answer as the probes read. */
const MOST_BYTES = 65_536;
/** A body that comes more slowly than its head is not worth waiting for: its status has come. */
const LONGEST_MS = 1000;

/** One that is not ok, and a web page: no API answers with HTML, but firewalls, proxies and sign-in pages do, with a 200 too. */
export function isFailedAnswer(value: unknown): value is Response {
  return value instanceof Response && (!value.ok || /^text\/html/i.test(value.headers.get('content-type') ?? ''));
}

const bodies = new WeakMap<object, string>();

/** What was read of it; undefined where nothing was. */
export function keptBody(response: object): string | undefined {
  return bodies.get(response);
}

/** Never rejects; without a body, or when its caller has read it, nothing is kept. Takes `timeoutMs` at most. */
export async function keepBody(response: Response, timeoutMs: number, clock: Clock): Promise<void> {
  if (bodies.has(response) || response.bodyUsed || response.body === null || response.body.locked) return;
  const ended = new AbortController();
  const reader = response.clone().body?.getReader();
  if (reader === undefined) return;
  const timeUp = clock.sleep(Math.min(LONGEST_MS, timeoutMs), ended.signal).then(() => null);
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let bytes = 0; bytes < MOST_BYTES; ) {
      const next = await Promise.race([reader.read(), timeUp]);
      if (next === null || next.done) break;
      text += decoder.decode(next.value.subarray(0, MOST_BYTES - bytes), { stream: true });
      bytes += next.value.length;
    }
  } catch {
    // It broke off: what arrived may say enough.
  } finally {
    ended.abort();
    reader.cancel().catch(() => {});
  }
  bodies.set(response, text);
}
