/** Server-sent events in the bytes of an answer: whether the first token is among them. */

import { jsonOf } from '../../base/json-value.ts';
import { type Verdict, verdictOn } from './chunks.ts';
import type { Judge } from './relay.ts';

/** No provider sends more bytes than this before a first token. */
const LONGEST_PRELUDE = 65_536;

export function isEventStream({ headers }: Response): boolean {
  return /^text\/event-stream/i.test(headers.get('content-type') ?? '');
}

/** Judges chunks of bytes one after the other: an event may end in a later one. */
export function judgeOfEvents(): Judge {
  const decoder = new TextDecoder();
  let text = '';
  let read = 0;
  return (chunk) => {
    const part = decoder.decode(chunk as Uint8Array, { stream: true });
    read += part.length;
    text += part;
    const events = text.split(/\r\n\r\n|\n\n|\r\r/);
    text = events.pop() ?? '';
    const verdicts = events.flatMap(verdictOf);
    const decided = verdicts.find(({ kind }) => kind === 'token' || kind === 'failure');
    if (decided) return decided;
    if (read > LONGEST_PRELUDE) return { kind: 'token' };
    return verdicts.find(({ kind }) => kind === 'prelude') ?? { kind: 'announcement' };
  };
}

/** None of a comment, which keeps a connection open. */
function verdictOf(event: string): Verdict[] {
  const data = event
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
    .join('\n');
  if (data === '') return [];
  // No JSON is such as [DONE], and text of some other protocol.
  return [verdictOn(jsonOf(data) ?? data)];
}
