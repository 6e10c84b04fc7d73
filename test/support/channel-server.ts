/** A server in place of a channel's service: it keeps what it receives, and answers as a test says. */

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** As it was sent. */
  text: string;
  /** Parsed; the text itself when it is no JSON. */
  body: Record<string, unknown>;
}

export interface ServerAnswer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

export interface ChannelServer {
  /** `http://127.0.0.1:…`, without a trailing slash. */
  readonly url: string;
  /** In the order of their arrival. */
  readonly received: Received[];
  /**
   * The answers to the next requests, one each; after them 200 again. Null: the connection is closed without an answer.
   */
  answerNext(...answers: (ServerAnswer | null)[]): void;
  close(): Promise<void>;
}

/** @param usual What it answers by default. */
export async function startChannelServer(usual: ServerAnswer = { status: 200, body: 'ok' }): Promise<ChannelServer> {
  const received: Received[] = [];
  const answers: (ServerAnswer | null)[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      received.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        text,
        body: parsed(text),
      });
      const next = answers.shift();
      if (next === null) {
        request.socket.destroy();
        return;
      }
      const { status, body = '', headers = {} } = next ?? usual;
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answerNext: (...next) => void answers.push(...next),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}
