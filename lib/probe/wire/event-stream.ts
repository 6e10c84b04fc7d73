/** Parses a `text/event-stream` and passes its events to the judge. Not here: what an event means (adapters). */

import { createParser } from 'eventsource-parser';
import { parseJson } from '../../base/json.ts';
import type { StreamJudge } from '../adapters/adapter.ts';
import { isErrorBody } from '../failure/body.ts';

export interface EventReader {
  write(bytes: Uint8Array): void;
  end(): void;
}

/** Makes a reader for a stream; see {@link createEventReader}. */
export type CreateReader = (judge: StreamJudge, onToken: () => void) => EventReader;

/** @param onToken Called for each event that carries generated tokens. */
export function createEventReader(judge: StreamJudge, onToken: () => void): EventReader {
  const decoder = new TextDecoder();
  /** Lines that are no field of an event. Some servers write an error into the stream as bare JSON. */
  let stray = '';
  const parser = createParser({
    onEvent({ event, data }) {
      if (judge.push({ event: event ?? null, data })) onToken();
    },
    onError({ line = '' }) {
      stray += `${line}\n`;
    },
  });
  return {
    write: (bytes) => parser.feed(decoder.decode(bytes, { stream: true })),
    // Some servers omit the empty line after their last event, so add it. An incomplete event does not parse, so the
    // judge still sees a stream without its end.
    end() {
      parser.feed(`${decoder.decode()}\n\n`);
      if (isErrorBody(parseJson(stray))) judge.push({ event: null, data: stray });
    },
  };
}
