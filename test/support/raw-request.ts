/** Requests with headers that fetch does not allow to set: what a browser sends, or a program that imitates one. */

import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawRequest {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface RawAnswer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** Sends it to a port of 127.0.0.1. */
export function sendRaw(
  port: number,
  { method = 'GET', path = '/', headers = {}, body = '' }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (incoming) => {
      const { statusCode = 0, headers: answered } = incoming;
      text(incoming).then((got) => resolve({ status: statusCode, headers: answered, body: got }), reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
