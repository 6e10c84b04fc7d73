/** Signs a request to Bedrock by AWS credentials. */

import { createHash, createHmac } from 'node:crypto';
import { queryOf, withoutSpareSpaces } from '../base/aws-canonical.ts';
import type { Credentials } from '../base/aws-credentials.ts';
import { createSigner } from '../base/aws-signature.ts';
import { regionOfBedrock } from '../egress/bedrock.ts';
import type { ProbeRequest } from './adapters/adapter.ts';

/** Proxies may change these on the way. */
const UNSIGNED = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'range',
  'user-agent',
  'x-amzn-trace-id',
]);

const sign = createSigner({ createHash, createHmac });

/** All headers but those that proxies change are signed; they are sent as they are here. */
export function signed(request: ProbeRequest, credentials: Credentials): ProbeRequest {
  const { method, headers, body } = request;
  const url = new URL(request.url);
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const ofSignature = own.flatMap(([name, value]) => (UNSIGNED.has(name) ? [] : [[name, withoutSpareSpaces(value)]]));
  const { host: _, ...signedHeaders } = sign(
    {
      method,
      url,
      query: queryOf(url),
      headers: Object.fromEntries(ofSignature),
      ...(body !== null && { body }),
      service: 'bedrock',
      // Only a server on this machine has no region in its name.
      region: regionOfBedrock(request.url) ?? process.env.AWS_REGION ?? 'us-east-1',
      at: new Date(),
    },
    credentials,
  );
  return { ...request, headers: { ...signedHeaders, ...Object.fromEntries(own) } };
}
