/** Finds the first token in the bytes of server-sent events. */

import { parseJson } from '../../base/json.ts';
import { type Verdict, verdictOn } from './chunks.ts';
import type { Judge } from './relay.ts';

/** No provider sends more bytes before its first token. */
const LONGEST_PRELUDE = 65_536;

export function isEventStream({ headers }: Response): boolean {
  return /^text\/event-stream/i.test(headers.get('content-type') ?? '');
}

/** Judges chunks of bytes in order. An event may be split over several chunks. */
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

/** The verdict on an event. Empty for a comment, which only keeps the connection open. */
function verdictOf(event: string): Verdict[] {
  const data = event
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
    .join('\n');
  if (data === '') return [];
  // Data that is not JSON, such as [DONE], is judged as text.
  return [verdictOn(parseJson(data) ?? data)];
}
