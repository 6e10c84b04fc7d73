/**
 * A DynamoDB in this process, its items in memory, and no port: requests are handed to dynalite as calls. dynalite
 * itself checks no signature and lets every web page in.
 */

import { EventEmitter } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import dynalite from 'dynalite';

export interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export interface EmbeddedDynamo {
  /**
   * One request of DynamoDB's JSON protocol.
   *
   * @param target What `X-Amz-Target` has: `DynamoDB_20120810.GetItem`.
   * @throws What dynalite throws at input that it did not expect; it goes on working.
   */
  ask(target: string, body: string): Promise<Answer>;
  /** Takes no more requests; resolves when those that it took are answered. Its items are gone then. */
  close(): Promise<void>;
}

/** It wants to see that a request is signed, and believes any signature. */
const SIGNED = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none',
};

export function startDynamo(): EmbeddedDynamo {
  const [handle] = dynalite({ createTableMs: 0, deleteTableMs: 0 }).listeners('request') as [RequestListener];
  const answering = new Set<Promise<unknown>>();
  let isOpen = true;

  return {
    async ask(target, body) {
      if (!isOpen) throw Object.assign(new Error('the embedded DynamoDB is closed'), { code: 'ERR_EMBEDDED_CLOSED' });
      const answer = answerOf(handle, target, body);
      answering.add(answer);
      try {
        return await answer;
      } finally {
        answering.delete(answer);
      }
    },
    async close() {
      isOpen = false;
      await Promise.allSettled(answering);
    },
  };
}

/** Hands over what dynalite uses of a request and a response, all within this call, so that what it throws is thrown here. */
function answerOf(handle: RequestListener, target: string, body: string): Promise<Answer> {
  return new Promise((resolve) => {
    const headers: Answer['headers'] = {};
    const request = Object.assign(new EventEmitter(), {
      method: 'POST',
      url: '/',
      headers: { ...SIGNED, 'x-amz-target': target },
    });
    const response = {
      statusCode: 200,
      setHeader(name: string, value: string | number) {
        headers[name.toLowerCase()] = String(value);
      },
      end: (text = '') => resolve({ statusCode: response.statusCode, headers, body: text }),
    };
    handle(request as unknown as IncomingMessage, response as unknown as ServerResponse<IncomingMessage>);
    request.emit('data', Buffer.from(body));
    request.emit('end');
  });
}
