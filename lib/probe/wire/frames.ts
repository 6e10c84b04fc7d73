/**
 * Parses an `application/vnd.amazon.eventstream` and passes its frames to the judge. Only Bedrock's streams need this
 * file and the AWS SDK's codec, so it is imported for the first one.
 */

import { EventStreamCodec } from '@smithy/core/event-streams';
import { messageOf } from '../../base/error-text.ts';
import type { StreamEvent, StreamJudge } from '../adapters/adapter.ts';
import { AnswerError } from './answer-error.ts';
import { MAX_BODY_BYTES } from './body.ts';
import type { EventReader } from './event-stream.ts';

/** Bytes of two lengths, their checksum, and the checksum of the frame. */
const SMALLEST_FRAME = 16;

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : decoder.decode(bytes)),
  (text) => encoder.encode(text),
);

/** @param onToken Called for each event that carries generated tokens. */
export function createFrameReader(judge: StreamJudge, onToken: () => void): EventReader {
  let pending = Buffer.alloc(0);
  return {
    write(bytes) {
      pending = Buffer.concat([pending, bytes]);
      while (pending.length >= 4) {
        const length = pending.readUInt32BE();
        // Bytes that are not a frame give a length too, most likely an absurd one.
        if (length < SMALLEST_FRAME || length > MAX_BODY_BYTES) throw broken(`a frame of ${length} bytes`);
        if (pending.length < length) return;
        const event = eventOf(pending.subarray(0, length));
        pending = pending.subarray(length);
        if (event !== null && judge.push(event)) onToken();
      }
    },
    // An incomplete frame is not an event, so the judge sees a stream without its end.
    end: () => {},
  };
}

/** The payload in a field with the event's name, as in the AWS SDK: `{"contentBlockDelta":{…}}`. */
function eventOf(frame: Uint8Array): StreamEvent | null {
  const { headers, body } = decoded(frame);
  const header = (name: string) => String(headers[name]?.value ?? '');
  const payload = decoder.decode(body);
  switch (header(':message-type')) {
    case 'event':
      return { event: null, data: `{${JSON.stringify(header(':event-type'))}:${payload === '' ? '{}' : payload}}` };
    case 'exception':
      return {
        event: 'error',
        data: `{"__type":${JSON.stringify(header(':exception-type'))},"error":${payload || '{}'}}`,
      };
    case 'error':
      return {
        event: 'error',
        data: JSON.stringify({ __type: header(':error-code'), message: header(':error-message') }),
      };
    default:
      return null;
  }
}

function decoded(frame: Uint8Array) {
  try {
    return codec.decode(frame);
  } catch (error) {
    throw broken(messageOf(error));
  }
}

function broken(what: string): AnswerError {
  return new AnswerError('invalid_response', `expected frames of application/vnd.amazon.eventstream, got ${what}`);
}
