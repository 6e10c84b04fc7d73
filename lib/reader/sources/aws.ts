/**
 * Requests of the reader to AWS: operations of DynamoDB, and signatures for API Gateway. By itself, since the AWS SDK
 * takes some 300 ms to load, in which nothing else runs: longer than a first answer may wait. The SDK is loaded only where
 * the environment says neither region nor credentials, and for a client of it that the program passes.
 */

import type { Credentials } from '../../base/aws-credentials.ts';
import { createSigner, type RequestToSign, type Sign } from '../../base/aws-signature.ts';
import { type AccountOptions, accountOf } from '../../store/dynamo/account.ts';
import { errorName, headersFor } from '../../store/dynamo/protocol.ts';
import { failed } from '../problem.ts';
import { READ_TIMEOUT_MS } from './source.ts';

let signer: Promise<Sign> | undefined;

/** The headers of a request, those that sign it among them. */
export async function signed(request: Omit<RequestToSign, 'at'>, credentials: Credentials) {
  signer ??= import('node:crypto').then(createSigner);
  const { host, ...headers } = (await signer)({ ...request, at: new Date() }, credentials);
  return headers;
}

/** A client of the AWS SDK (v3): a `DynamoDBClient` or a `DynamoDBDocumentClient`. It is not closed. */
export interface DynamoClient {
  send(...args: never[]): Promise<unknown>;
}

export interface DynamoOptions extends AccountOptions {
  client?: DynamoClient;
}

/** Sends an operation. `problemOf` names its error. */
export type Send = (operation: 'PutItem' | 'Query', input: object, signal: AbortSignal) => Promise<object>;

export function dynamoOf({ client, ...place }: DynamoOptions): Send {
  if (client) return bySdk(client);
  const account = accountOf(place);
  return async (operation, input, signal) => {
    const url = await account.endpoint();
    const body = JSON.stringify(input);
    const region = await account.region();
    const request = { method: 'POST', url, service: 'dynamodb', region, headers: headersFor(operation), body } as const;
    const headers = await signed(request, await account.credentials());
    const attempt = () =>
      fetch(url, { method: 'POST', headers, body, signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]) });
    // The second attempt is for a pooled connection that died while the process was frozen.
    const response = await attempt().catch((error: unknown) => {
      if (signal.aborted) throw error;
      return attempt();
    });
    const answer = (await response.json().catch(noJson)) as { __type?: unknown } | null;
    if (response.ok && answer !== null) return answer;
    throw failed(errorName(answer?.__type) ?? (response.ok ? 'SyntaxError' : `HTTP ${response.status}`));
  };
}

/** Of a page that some proxy sends. An answer that breaks off is no answer. */
function noJson(error: unknown): null {
  if (error instanceof SyntaxError) return null;
  throw error;
}

/** Two end within the time of a read. */
const ATTEMPT_MS = READ_TIMEOUT_MS / 2;

let sdk: Promise<typeof import('@aws-sdk/client-dynamodb')> | undefined;

function bySdk(client: DynamoClient): Send {
  return async (operation, input, abortSignal) => {
    sdk ??= import('@aws-sdk/client-dynamodb');
    const Command = (await sdk)[`${operation}Command`] as new (input: object) => object;
    return client.send(...([new Command(input), { abortSignal }] as never[])) as Promise<object>;
  };
}
