/**
 * A Bedrock that checks signatures as AWS does, with the AWS SDK's own signer, and compares the caller's clock with its
 * own.
 */

import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from '../../../lib/base/aws-credentials.ts';
import { answer, type Behaviour } from './peer.ts';

export interface SignedBy {
  credentials: Credentials;
  region: string;
  /** Default: the caller's clock is right. */
  now?: () => Date;
}

const CLOCK_SKEW_MS = 5 * 60_000;

/** Answers correctly signed requests with `good`, all others as AWS does. */
export function checksSignature({ credentials, region, now = () => new Date() }: SignedBy, good: Behaviour): Behaviour {
  return (socket, request) => {
    void refusalOf(request, credentials, region, now()).then((refusal) => {
      if (refusal === null) good(socket, request);
      else socket.write(refused(403, ...refusal));
    });
  };
}

/** An exception of AWS. */
export function refused(status: number, name: string, message: string): Buffer {
  const headers = { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.coral.service/` };
  return answer(JSON.stringify({ message }), headers, `${status} Refused`);
}

async function refusalOf(
  request: string,
  credentials: Credentials,
  region: string,
  now: Date,
): Promise<[name: string, message: string] | null> {
  const { method, path, headers, body } = parsed(request);
  const [, keyId, , signedNames] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (!signedNames) return ['MissingAuthenticationTokenException', 'Missing Authentication Token'];
  if (keyId !== credentials.accessKeyId) {
    return ['UnrecognizedClientException', 'The security token included in the request is invalid.'];
  }
  const names = signedNames.split(';');
  if (!['host', 'x-amz-date'].every((name) => names.includes(name))) return ['InvalidSignatureException', 'Unsigned'];
  const stamp = headers['x-amz-date'] ?? '';
  const signedAt = new Date(stamp.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  const late = now.getTime() - signedAt.getTime();
  if (late > CLOCK_SKEW_MS) {
    return [
      'InvalidSignatureException',
      `Signature expired: ${stamp} is now earlier than ${now.toISOString()} (5 min.)`,
    ];
  }
  if (late < -CLOCK_SKEW_MS) {
    return [
      'InvalidSignatureException',
      `Signature not yet current: ${stamp} is still later than ${now.toISOString()}`,
    ];
  }
  const signer = new SignatureV4({ service: 'bedrock', region, credentials, sha256: Sha256, applyChecksum: false });
  const [pathname = '', query] = path.split('?');
  const { headers: expected } = await signer.sign(
    {
      method,
      protocol: 'https:',
      hostname: headers.host ?? '',
      path: pathname,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: Object.fromEntries(names.map((name) => [name, headers[name] ?? ''])),
      // The server reads bytes as Latin-1.
      body: Buffer.from(body, 'latin1'),
    },
    { signingDate: signedAt },
  );
  return expected.authorization === headers.authorization
    ? null
    : ['InvalidSignatureException', 'The request signature we calculated does not match the signature you provided.'];
}

function parsed(request: string) {
  const [head = '', body = ''] = request.split('\r\n\r\n', 2);
  const [first = '', ...lines] = head.split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers: Record<string, string> = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { method, path, headers, body };
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** In the form that the SDK's signer takes. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', typeof secret === 'string' ? secret : bytesOf(secret));
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }

  reset(): void {}
}
