/**
 * Signs requests to AWS (Signature Version 4). We do not use a library: this code needs 5 µs for a request to DynamoDB, a
 * library's signer needs 150 µs, and a library would make the reader's bundle larger.
 */

import type { createHash, createHmac } from 'node:crypto';
import type { Credentials } from './aws-credentials.ts';

/** Functions of node:crypto. The caller passes them in, so that a program that never signs runs without node:crypto. */
export interface Hashes {
  createHash: typeof createHash;
  createHmac: typeof createHmac;
}

export interface RequestToSign {
  method: 'GET' | 'POST';
  url: URL;
  /** The path to sign. Default: the URL's path, encoded once more. For S3 see `pathInS3` (aws-canonical.ts). */
  path?: string;
  /** The query to sign, as `queryOf` (aws-canonical.ts) writes it. Default: none. */
  query?: string;
  service: 'bedrock' | 'dynamodb' | 'execute-api' | 's3';
  region: string;
  /** Further headers to sign, beside `host` and the `x-amz-` headers. Names in lower case, values without spare spaces. */
  headers?: Readonly<Record<string, string>>;
  body?: string;
  at: Date;
}

/** Returns all headers to send, `host` and `authorization` included. */
export type Sign = (request: RequestToSign, credentials: Credentials) => Record<string, string>;

/** A signer keeps the signing key, which is the same for a whole day and needs four hashes to compute. */
export function createSigner({ createHash, createHmac }: Hashes): Sign {
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  let keyFor = '';
  let key: Buffer = Buffer.alloc(0);

  return (request, { accessKeyId, secretAccessKey, sessionToken }) => {
    const {
      method,
      url,
      path = encodedPath(url.pathname),
      query = '',
      service,
      region,
      headers,
      body = '',
      at,
    } = request;
    const time = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
    const steps = [time.slice(0, 8), region, service, 'aws4_request'];
    const scope = steps.join('/');
    if (keyFor !== scope + secretAccessKey) {
      keyFor = scope + secretAccessKey;
      key = steps.reduce<Buffer>((last, step) => hmac(last, step).digest(), Buffer.from(`AWS4${secretAccessKey}`));
    }
    const all: Record<string, string> = {
      ...headers,
      host: url.host,
      'x-amz-date': time,
      ...(sessionToken && { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(all).sort();
    const signed = names.join(';');
    const lines = names.map((name) => `${name}:${all[name]}\n`).join('');
    const canonical = `${method}\n${path}\n${query}\n${lines}\n${signed}\n${sha256(body)}`;
    const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).digest('hex');
    return {
      ...all,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
    };
  };
}

/** Encodes a path of a URL once more, as AWS expects it in a signature; the slashes stay. */
export function encodedPath(path: string): string {
  return encodedText(path).replaceAll('%2F', '/');
}

export function encodedText(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
