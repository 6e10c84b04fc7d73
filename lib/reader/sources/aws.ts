/**
 * Requests of the reader to AWS: operations of DynamoDB, and signatures for API Gateway. It avoids the AWS SDK, which takes about
 * 300 ms to load and blocks the process: longer than a first answer may wait. The SDK is loaded only when the environment has
 * no region or credentials, or when the program passes a client of the SDK.
 */

import type { Credentials } from '../../base/aws-credentials.ts';
import { createSigner, type RequestToSign, type Sign } from '../../base/aws-signature.ts';
import { type AccountOptions, accountOf } from '../../store/dynamo/account.ts';
import { errorName, headersFor } from '../../store/dynamo/protocol.ts';
import { failed } from '../problem.ts';
import { READ_TIMEOUT_MS } from './source.ts';

let signer: Promise<Sign> | undefined;

/** All headers of a request, with its signature. */
export async function signed(request: Omit<RequestToSign, 'at'>, credentials: Credentials) {
  signer ??= import('node:crypto').then(createSigner);
  const { host, ...headers } = (await signer)({ ...request, at: new Date() }, credentials);
  return headers;
}

/** A client of the AWS SDK (v3): a `DynamoDBClient` or a `DynamoDBDocumentClient`. The reader does not close it. */
export interface DynamoClient {
  send(...args: never[]): Promise<unknown>;
}

export interface DynamoOptions extends AccountOptions {
  client?: DynamoClient;
}

/** Sends an operation. `problemOf` turns its errors into problems. */
export type Send = (operation: 'PutItem' | 'Query', input: object, signal: AbortSignal) => Promise<object>;

export function dynamoOf({ client, ...place }: DynamoOptions): Send {
  if (client) return sdkSender(client);
  const account = accountOf(place);
  return async (operation, input, signal) => {
    const url = await account.endpoint();
    const body = JSON.stringify(input);
    const region = await account.region();
    const request = { method: 'POST', url, service: 'dynamodb', region, headers: headersFor(operation), body } as const;
    const headers = await signed(request, await account.credentials());
    const attempt = () =>
      fetch(url, { method: 'POST', headers, body, signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]) });
    // A kept connection may have died while the process was frozen, so try a second time.
    const response = await attempt().catch((error: unknown) => {
      if (signal.aborted) throw error;
      return attempt();
    });
    const answer = (await response.json().catch((error: unknown) => {
      // The page of a proxy, for example. If the status is that of an error, it is enough.
      if (response.ok) throw error;
    })) as { __type?: unknown } | null | undefined;
    if (response.ok && answer) return answer;
    throw failed(errorName(answer?.__type) ?? (response.ok ? 'other JSON' : `HTTP ${response.status}`));
  };
}

/** Two attempts end within the time of a read. */
const ATTEMPT_MS = READ_TIMEOUT_MS / 2;

let sdk: Promise<typeof import('@aws-sdk/client-dynamodb')> | undefined;

function sdkSender(client: DynamoClient): Send {
  return async (operation, input, abortSignal) => {
    sdk ??= import('@aws-sdk/client-dynamodb');
    const Command = (await sdk)[`${operation}Command`] as new (input: object) => object;
    return client.send(...([new Command(input), { abortSignal }] as never[])) as Promise<object>;
  };
}
