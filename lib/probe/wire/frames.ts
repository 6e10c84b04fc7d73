/**
 * Feeds the frames of an `application/vnd.amazon.eventstream` to their judge. Only Bedrock's streams need this file, and
 * with it the codec of the AWS SDK, so it is imported when the first one is probed.
 */

import { EventStreamCodec } from '@smithy/core/event-streams';
import { messageOf } from '../../base/error-text.ts';
import type { StreamEvent, StreamJudge } from '../adapters/adapter.ts';
import { AnswerError } from './answer-error.ts';
import { MAX_BODY_BYTES } from './body.ts';
import type { EventReader } from './event-stream.ts';

/** Two lengths and their checksum, and the checksum of the whole. */
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
        // Also what is no frame at all begins with a length, most likely an absurd one.
        if (length < SMALLEST_FRAME || length > MAX_BODY_BYTES) throw broken(`a frame of ${length} bytes`);
        if (pending.length < length) return;
        const event = eventOf(pending.subarray(0, length));
        pending = pending.subarray(length);
        if (event !== null && judge.push(event)) onToken();
      }
    },
    // A frame that was cut is no event, so the judge sees a stream without its end.
    end: () => {},
  };
}

/** The payload under the name of its event, as the AWS SDK hands events out: `{"contentBlockDelta":{…}}`. */
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
