/**
 * Signs requests to AWS (Signature Version 4). Own code, because it costs 5 µs a request to DynamoDB, where a library's
 * signer takes 150, and because the reader signs with it without adding one to the programs that bundle it.
 */

import type { createHash, createHmac } from 'node:crypto';
import type { Credentials } from './aws-credentials.ts';

/** Of node:crypto. Passed in, so that a program which never signs can run where that is missing. */
export interface Hashes {
  createHash: typeof createHash;
  createHmac: typeof createHmac;
}

export interface RequestToSign {
  method: 'GET' | 'POST';
  url: URL;
  /** As AWS reads the path, if that is not the usual way, and the query, if there is one: see aws-canonical.ts. */
  path?: string;
  query?: string;
  service: 'bedrock' | 'dynamodb' | 'execute-api' | 's3';
  region: string;
  /** Those that are signed beside `host` and AWS's own: names in lower case, values without spare spaces. */
  headers?: Readonly<Record<string, string>>;
  body?: string;
  at: Date;
}

export type Sign = (request: RequestToSign, credentials: Credentials) => Record<string, string>;

/** Remembers the key of the day, which takes four hashes to make. */
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
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
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

/** AWS encodes once more what the URL has encoded already. */
export function encodedPath(path: string): string {
  return encodedText(path).replaceAll('%2F', '/');
}

export function encodedText(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
