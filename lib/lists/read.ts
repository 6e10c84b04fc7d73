/** Reads the provider list from an S3 object or a parameter. From S3, an unchanged list is not transferred again. */

import { createHash, createHmac } from 'node:crypto';
import { EMPTY_BODY_SHA256, pathInS3 } from '../base/aws-canonical.ts';
import { credentialsOfVariables } from '../base/aws-credentials.ts';
import { awsDomain } from '../base/aws-domain.ts';
import { createSigner } from '../base/aws-signature.ts';
import { KeyError } from '../keys/error.ts';
import { createSsmReader, type SsmReader } from '../keys/ssm.ts';
import type { ListSource } from './source.ts';

/** The list could not be read. The message says why and what to do. */
export class ListUnreadableError extends Error {
  override readonly name = 'ListUnreadableError';
}

export interface ListReader {
  /** The text of the list; null when it did not change since the last call. @throws {ListUnreadableError} */
  read(): Promise<string | null>;
  /** The next call of `read` returns the text even if it did not change. */
  forget(): void;
}

/** Short, because a tick waits for the answer. The next tick a minute later reads again. */
const TIMEOUT_MS = 2_000;
/** A list of ten thousand providers has about 2 MB. */
const MOST_BYTES = 4 * 1024 * 1024;

/** @param ssm Default: Parameter Store with this function's own region and credentials. */
export function createListReader(source: ListSource, ssm: SsmReader = createSsmReader()): ListReader {
  return source.kind === 's3' ? s3Reader(source) : parameterReader(source.name, ssm);
}

function parameterReader(name: string, ssm: SsmReader): ListReader {
  let last: string | null = null;
  return {
    async read() {
      try {
        const text = await ssm.read(name, `ssm:${name}`);
        if (text === last) return null;
        last = text;
        return text;
      } catch (error) {
        if (error instanceof KeyError) throw new ListUnreadableError(error.message, { cause: error });
        throw error;
      }
    },
    forget() {
      last = null;
    },
  };
}

function s3Reader({ bucket, key }: Extract<ListSource, { kind: 's3' }>): ListReader {
  const place = `s3://${bucket}/${key}`;
  let etag: string | null = null;
  return {
    async read() {
      const answer = await ask(bucket, key, etag).catch((cause: unknown) => {
        throw new ListUnreadableError(`${place}: S3 did not answer in ${TIMEOUT_MS / 1000} s`, { cause });
      });
      if (answer.status === 304) return null;
      if (answer.status !== 200) {
        await answer.body?.cancel();
        throw new ListUnreadableError(`${place}: ${reasonOf(answer.status)}`);
      }
      const text = await limited(answer, place);
      etag = answer.headers.get('etag');
      return text;
    },
    forget() {
      etag = null;
    },
  };
}

const sign = createSigner({ createHash, createHmac });

/**
 * Requests the object, signed with the credentials of the function's role. The bucket is in the path, because a bucket's
 * name with dots does not match the certificate for host names.
 */
async function ask(bucket: string, key: string, etag: string | null): Promise<Response> {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION: region = 'us-east-1' } = process.env;
  const endpoint = AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL || `https://s3.${region}.${awsDomain(region)}`;
  const credentials = credentialsOfVariables();
  if (credentials === null) throw new Error('no credentials in the environment');
  const url = new URL(`${endpoint}/${bucket}/${key}`);
  const own = { 'x-amz-content-sha256': EMPTY_BODY_SHA256, ...(etag !== null && { 'if-none-match': etag }) };
  const { host: _, ...headers } = sign(
    { method: 'GET', url, path: pathInS3(url), service: 's3', region, headers: own, at: new Date() },
    credentials,
  );
  return fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
}

function reasonOf(status: number): string {
  switch (status) {
    case 301:
      return "the bucket is in another region. Keep it in the monitor's own";
    case 403:
      return 'it is not there, or may not be read. Put it there; where its encryption has a key of yours, name that in encryptionKeys';
    case 404:
      return 'it is not there. Put it there';
    default:
      return `S3 answered ${status}`;
  }
}

async function limited(answer: Response, place: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new ListUnreadableError(`${place}: expected at most ${MOST_BYTES / 1024 ** 2} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
