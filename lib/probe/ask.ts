/** Sends a prepared request over an open connection, and lets the adapter judge the answer. */

import type { Adapter, StreamFormat, Verdict } from './adapters/adapter.ts';
import { failure } from './outcome.ts';
import type { Prepared, PreparedStream } from './prepare.ts';
import type { ProbeTarget } from './prober.ts';
import { AnswerError } from './wire/answer-error.ts';
import { MAX_BODY_BYTES, MAX_MODELS_BYTES } from './wire/body.ts';
import type { Deadline } from './wire/deadline.ts';
import type { EventReader } from './wire/event-stream.ts';
import type { AnswerHead, Connection } from './wire/http.ts';
import type { Trace } from './wire/stamps.ts';

export interface Question {
  adapter: Adapter;
  target: ProbeTarget;
  prepared: Prepared;
  trace: Trace;
  deadline: Deadline;
  /** Resolves when there is time to judge the answer. */
  settle(): Promise<void>;
}

/** @throws The same errors as `Connection.exchange`. */
export async function ask(connection: Connection, question: Question): Promise<Verdict> {
  const { adapter, target, prepared, trace, deadline } = question;
  const { config, kind } = target;
  const stopFirstTokenTimer = startFirstTokenTimer(question);
  const text = new TextDecoder();
  let body = '';
  let events: EventReader | null = null;
  let head: AnswerHead;
  try {
    head = await connection.exchange(prepared.request, prepared.url, {
      maxBodyBytes: kind === 'models' ? MAX_MODELS_BYTES : MAX_BODY_BYTES,
      trace,
      signal: deadline.signal,
      onHead({ statusCode, headers }) {
        const isStream = statusCode === 200 && isOfType(headers['content-type'], adapter.streamFormat);
        if (prepared.stream !== null && isStream) {
          const { judge, createReader } = prepared.stream;
          events = createReader(judge, () => {
            trace.token();
            stopFirstTokenTimer();
          });
          return events.write;
        }
        return (bytes) => {
          body += text.decode(bytes, { stream: true });
        };
      },
    });
  } finally {
    stopFirstTokenTimer();
  }
  await question.settle();

  if (events !== null && prepared.stream !== null) return streamVerdict(events, prepared.stream, head);
  const verdict = adapter.judge({ ...head, body: body + text.decode() }, config, kind);
  return kind === 'stream' && verdict.isHealthy ? notStreamedVerdict(head, adapter.streamFormat) : verdict;
}

function startFirstTokenTimer({ deadline, prepared, target }: Question): () => void {
  const seconds = target.config.firstTokenTimeoutSeconds;
  if (prepared.stream === null || seconds === null) return () => {};
  const timer = setTimeout(() => {
    deadline.abort(new AnswerError('timeout', `no token within ${seconds} s (firstTokenTimeoutSeconds)`));
  }, seconds * 1000);
  return () => clearTimeout(timer);
}

function streamVerdict(events: EventReader, { judge }: PreparedStream, head: AnswerHead): Verdict {
  events.end();
  return judge.finish(head);
}

function notStreamedVerdict({ headers }: AnswerHead, expected: StreamFormat): Verdict {
  return failure({
    category: 'invalid_response',
    errorMessage: `expected ${expected}, got ${headers['content-type'] ?? 'no content-type'}: the request for a stream was answered at once`,
  });
}

function isOfType(contentType: string | undefined, expected: StreamFormat): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === expected;
}
