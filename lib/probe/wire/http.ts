/**
 * One request over one open connection, and its answer within limits. No retry, no redirect, no timer but the caller's
 * signal. The adapter judges the answer.
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { ProbeAnswer, ProbeRequest } from '../adapters/adapter.ts';
import { AnswerError } from './answer-error.ts';
import { type BodyReader, type Consume, createBodyReader } from './body.ts';
import { ClosedError } from './connection.ts';
import type { Trace } from './stamps.ts';

const MAX_HEADER_BYTES = 16 * 1024;
/** Informational answers (100 to 199) before the real one; servers send one or two. */
const MAX_INFORMATIONAL = 16;
/** A kept connection that its server gives no time for is closed before most servers would. */
const KEPT_IDLE_MS = 50_000;
const KEPT_IDLE_MAX_MS = 600_000;

/** Made once: undici would otherwise make an error, with its stack, for each connection that is closed as planned. */
const CLOSED = new Error('closed after the answer');

export type AnswerHead = Omit<ProbeAnswer, 'body'>;

/** How one answer is to be read. */
export interface ReadOptions {
  maxBodyBytes: number;
  /** Called once the head is there; what it returns takes the decoded body. */
  onHead(head: AnswerHead): Consume;
  /** Aborts the request and its connection. */
  signal: AbortSignal;
  trace: Trace;
}

/**
 * Speaks HTTP/1.1 over one socket, one request at a time. Whether it is to be kept or not, its requests say so to the
 * server as every application's do; the connection that is not kept is closed by us.
 */
export class Connection {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #keep: boolean;

  constructor(socket: Socket, origin: string, keep: boolean) {
    this.#socket = socket;
    this.#keep = keep;
    let handedOver = false;
    this.#client = new Client(origin, {
      // The client is given its one connection and can make no other. A callback in the same frame would go unseen.
      connect: (_options, callback) =>
        queueMicrotask(() => {
          if (handedOver) return callback(new ClosedError(), null);
          handedOver = true;
          callback(null, socket);
        }),
      maxHeaderSize: MAX_HEADER_BYTES,
      // These two start anew with each byte, so a dripping answer outlives them; the caller's signal does not.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEPT_IDLE_MS,
      keepAliveMaxTimeout: KEPT_IDLE_MAX_MS,
    });
  }

  /** Whether another request may be sent over it. */
  get isOpen(): boolean {
    return this.#keep && !this.#socket.destroyed;
  }

  /**
   * Sends the request and reads the whole answer; of a redirect, its head alone.
   *
   * @throws {AnswerError} For an answer that breaks a limit, else what the signal aborted with, or the socket's error.
   */
  exchange(request: ProbeRequest, reading: ReadOptions): Promise<AnswerHead> {
    return new Promise((resolve, reject) => {
      const { pathname, search } = new URL(request.url);
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
 * Undici calls these in the very frames in which it reads from and writes to the socket, and in which it publishes its
 * diagnostics channels: the moments are the same, but nothing has to be subscribed to for the whole process.
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
    // Where it points to is all that a redirect says, and its body may be endless.
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

  /** Undici treats what a handler throws as an error of the connection; here the answer was wrong, which is reported at once. */
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
