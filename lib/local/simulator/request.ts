/** Reads a probe's request: its provider, and its body within a limit. */

import type { IncomingMessage } from 'node:http';
import { parseJson } from '../../base/json.ts';
import type { ApiRequest } from './api/api.ts';

/** Far more than a probe's body, which is under 1 KB. */
const MAX_BODY_BYTES = 64 * 1024;

export interface IncomingProbe {
  /** The provider's id: the first segment of the path. */
  id: string;
  /** The request; its `path` is the part behind the id. */
  request: ApiRequest;
}

/** @throws {RangeError} When the body is longer than 64 KiB. */
export async function readRequest(incoming: IncomingMessage): Promise<IncomingProbe> {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://simulator');
  const [, id = '', path = ''] = /^\/([^/]*)(.*)$/.exec(pathname) ?? [];
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  const body = parseJson(await readText(incoming));
  return { id, request: { method: incoming.method ?? 'GET', path, query: searchParams, headers, body } };
}

/** The path below a base path; empty when it is not below it. No API has an empty path. */
export function below(basePath: string, path: string): string {
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : '';
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError(`body: expected at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
