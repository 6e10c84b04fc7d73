/** The AWS SDK's client as this product wants it: how long it may wait, how often it tries, and as whom. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isLoopbackUrl } from '../../base/loopback.ts';

/**
 * Three attempts of 800 ms and the SDK's pauses between them (100 and 200 ms at most) end within 3 s, which is what a
 * tick keeps in reserve before the Lambda's deadline. DynamoDB answers in some 10 ms: what takes 800 is lost. A pooled
 * connection that died while the process was frozen shows at once, and costs one attempt.
 */
const MAX_ATTEMPTS = 3;
const REQUEST_TIMEOUT_MS = 800;
/** On this machine an answer is late only when the machine is busy, and then it comes all the same. */
const LOCAL_TIMEOUT_MS = 10_000;
/** A handshake within the region takes a few milliseconds; a packet lost in it is sent again after 1 s, too late. */
const CONNECTION_TIMEOUT_MS = 400;
/** Statuses are written as they settle, some hundred within a second: as many at a time as one core keeps busy. */
const MAX_SOCKETS = 50;

export interface ClientOptions {
  /** URL of another DynamoDB than the region's own; absent: the region's. */
  endpoint?: string;
  /** Default: as the AWS SDK finds it (`AWS_REGION`, profile). */
  region?: string;
  /** Longest time of one attempt, of which there are 3. Default 800; 10 000 at a loopback endpoint. */
  requestTimeoutMs?: number;
}

/** Who closes the store closes the client; see `createDynamoStore`. */
export function createClient(options: ClientOptions = {}): DynamoDBClient {
  const { endpoint, region } = options;
  const isLocal = endpoint !== undefined && isLoopbackUrl(endpoint);
  const requestTimeoutMs = options.requestTimeoutMs ?? (isLocal ? LOCAL_TIMEOUT_MS : REQUEST_TIMEOUT_MS);
  return new DynamoDBClient({
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: isLocal ? requestTimeoutMs : Math.min(CONNECTION_TIMEOUT_MS, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      // Without this the timeout is a warning in the log, and the request goes on.
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    },
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, ...(isLocal && localIdentity(region)) }),
  });
}

/**
 * A DynamoDB on this machine asks for credentials and a region. Those that the environment names are used: the local
 * monitor's table wants its own, and DynamoDB Local keeps the tables of each apart but believes any. Where it names none,
 * none are looked for, which takes seconds.
 */
function localIdentity(region: string | undefined) {
  const { AWS_ACCESS_KEY_ID, AWS_SHARED_CREDENTIALS_FILE, AWS_REGION = 'us-east-1' } = process.env;
  const isNamed = AWS_ACCESS_KEY_ID !== undefined || AWS_SHARED_CREDENTIALS_FILE !== undefined;
  return {
    region: region ?? AWS_REGION,
    ...(!isNamed && { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  };
}
