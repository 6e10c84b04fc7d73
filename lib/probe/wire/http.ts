/**
 * Sends one request over an open connection, and reads the answer within limits. No retries, no redirects, no timer
 * except the caller's signal. Not here: judging the answer (adapters).
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { ProbeAnswer, ProbeRequest } from '../adapters/adapter.ts';
import { AnswerError } from './answer-error.ts';
import { type BodyReader, type Consume, createBodyReader } from './body.ts';

import { ClosedError } from './socket-ready.ts';
import type { Trace } from './stamps.ts';

const MAX_HEADER_BYTES = 16 * 1024;
/** Informational answers (100 to 199) before the real one; servers send one or two. */
const MAX_INFORMATIONAL = 16;
/** Idle time of a kept connection, if the server names none. Shorter than that of most servers. */
const KEPT_IDLE_MS = 50_000;
const KEPT_IDLE_MAX_MS = 600_000;

/** Created once. Otherwise undici would create an error with its stack for each planned close. */
const CLOSED = new Error('closed after the answer');

export type AnswerHead = Omit<ProbeAnswer, 'body'>;

/** How to read an answer. */
export interface ReadOptions {
  maxBodyBytes: number;
  /** Called when the headers have arrived. Returns the consumer of the decoded body. */
  onHead(head: AnswerHead): Consume;
  /** Aborts the request and its connection. */
  signal: AbortSignal;
  trace: Trace;
}

/**
 * An HTTP/1.1 connection over one socket, for one request at a time. Its requests always have the usual keep-alive
 * headers, as those of applications; a connection that is not kept is closed on this side.
 */
export class Connection {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #keep: boolean;

  constructor(socket: Socket, origin: string, keep: boolean) {
    this.#socket = socket;
    this.#keep = keep;
    let unused: Socket | null = socket;
    this.#client = new Client(origin, {
      // The client gets this one socket and can open no other. The callback must not run in the same stack frame.
      connect: (_options, callback) =>
        queueMicrotask(() => {
          if (unused === null) return callback(new ClosedError(), null);
          const handed = unused;
          unused = null;
          callback(null, handed);
        }),
      maxHeaderSize: MAX_HEADER_BYTES,
      // These two restart with each byte, so a dripping answer would outlive them. The caller's signal limits it.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEPT_IDLE_MS,
      keepAliveMaxTimeout: KEPT_IDLE_MAX_MS,
    });
  }

  /** Whether another request can be sent over this connection. */
  get isOpen(): boolean {
    return this.#keep && !this.#socket.destroyed;
  }

  /**
   * Sends the request and reads the whole answer. Of a redirect, it reads only the headers.
   *
   * @throws {AnswerError} For an answer beyond a limit.
   * @throws The signal's reason, or the socket's error.
   */
  exchange(request: ProbeRequest, { pathname, search }: URL, reading: ReadOptions): Promise<AnswerHead> {
    return new Promise((resolve, reject) => {
      this.#client.dispatch(
        {
          method: request.method,
          path: pathname + search,
          headers: { 'accept-encoding': 'identity', ...request.headers },
          body: request.body,
        },
        new Exchange(reading, resolve, reject),
      );
    });
  }

  /** Resolves when the socket is closed. */
  async close(): Promise<void> {
    await this.#client.destroy(CLOSED);
    this.#socket.destroy();
  }
}

/**
 * undici calls these methods in the same stack frames in which it reads and writes the socket and publishes its
 * diagnostics channels. So the times are the same, without a subscription for the whole process.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #reading: ReadOptions;
  readonly #resolve: (head: AnswerHead) => void;
  readonly #reject: (reason: unknown) => void;
  #controller: Dispatcher.DispatchController | null = null;
  #informational = 0;
  #head: AnswerHead | null = null;
  #body: BodyReader | null = null;

  constructor(reading: ReadOptions, resolve: (head: AnswerHead) => void, reject: (reason: unknown) => void) {
    this.#reading = reading;
    this.#resolve = resolve;
    this.#reject = reject;
    reading.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#reading.signal.aborted) this.#onAbort();
    else this.#reading.trace.writtenAt = performance.now();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    rawHeaders: IncomingHttpHeaders,
  ): void {
    if (statusCode < 200) {
      this.#informational += 1;
      if (this.#informational > MAX_INFORMATIONAL) {
        this.#fail(new AnswerError('too_large', `more than ${MAX_INFORMATIONAL} informational answers`));
      }
      return;
    }
    const { trace, maxBodyBytes, onHead } = this.#reading;
    trace.statusAt = performance.now();
    trace.statusCode = statusCode;
    const headers = joined(rawHeaders);
    const head = { statusCode, headers, receivedAt: new Date() };
    this.#head = head;
    // The body of a redirect is not needed, and may be endless.
    if (statusCode < 400 && statusCode >= 300) {
      this.#finish();
      controller.abort(new Error('redirect not followed'));
      return;
    }
    this.#guarded(() => {
      const consume = onHead(head);
      this.#body = createBodyReader(headers['content-encoding'], maxBodyBytes, consume, (error) => this.#fail(error));
    });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#guarded(() => this.#body?.write(chunk));
  }

  onResponseEnd(): void {
    this.#reading.trace.end();
    this.#body?.end().then(
      () => this.#finish(),
      (error: unknown) => this.#fail(error),
    );
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  readonly #onAbort = (): void => this.#fail(this.#reading.signal.reason);

  /**
   * Runs a step and reports its error as a failure of the answer. undici would treat it as an error of the connection.
   */
  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #finish(): void {
    if (this.#head === null) return;
    this.#settle();
    this.#resolve(this.#head);
  }

  #fail(error: unknown): void {
    this.#settle();
    this.#body?.destroy();
    this.#reject(error);
    this.#controller?.abort(error instanceof Error ? error : new Error(String(error)));
  }

  #settle(): void {
    this.#reading.trace.end();
    this.#reading.signal.removeEventListener('abort', this.#onAbort);
  }
}

function joined(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
