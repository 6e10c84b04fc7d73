/**
 * Sends DynamoDB's operations: JSON over HTTP, signed. As small as this product's six operations allow, because a write
 * costs the AWS SDK 0.24 to 0.32 ms of CPU and this client 0.08, in a process that measures response times meanwhile;
 * and a cold start does not have to import the SDK.
 */

import { createHash, createHmac } from 'node:crypto';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { createSigner } from '../../base/aws-signature.ts';
import { isLoopbackUrl } from '../../base/loopback.ts';
import { type Account, type AccountOptions, accountOf } from './account.ts';
import { errorName, headersFor } from './protocol.ts';

/**
 * Three attempts of 800 ms and the pauses between them (100 and 200 ms at most) end within 3 s, which is what a tick keeps
 * in reserve before the Lambda's deadline. DynamoDB answers in some 10 ms: what takes 800 is lost. A pooled connection
 * that died while the process was frozen shows at once, and costs one attempt.
 */
const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 100;
const REQUEST_TIMEOUT_MS = 800;
/** On this machine an answer is late only when the machine is busy, and then it comes all the same. */
const LOCAL_TIMEOUT_MS = 10_000;
/** Answers come in 5 to 10 ms, so this is two thousand writes a second; each socket more is a handshake more. */
const MAX_SOCKETS = 16;

/** What the service says when the same request may succeed a moment later, beside every status from 500 on. */
const WORTH_RETRYING: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ThrottledException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);

export interface ClientOptions extends AccountOptions {
  /** Longest time of one attempt, of which there are 3. Default 800; 10 000 at a loopback endpoint. */
  requestTimeoutMs?: number;
}

/** How it waits before it sends something again. */
export interface Pauses {
  /** Default: a timer. */
  sleep?: (ms: number) => Promise<void>;
  /** Spreads the pauses: from 0 (inclusive) to 1 (exclusive). Default: `Math.random`. */
  random?: () => number;
}

/** Closed by its maker. */
export interface DynamoClient {
  /**
   * @param operation Such as `PutItem`.
   * @param input As its JSON has it.
   * @throws {DynamoError} What the service refused with. Else what the system says of the connection, by `code`.
   */
  send<Output extends object>(operation: string, input: object): Promise<Output>;
  /** Where it sends to, for messages. */
  place(): Promise<string>;
  destroy(): void;
}

/** An answer that is not what was asked for. */
export class DynamoError extends Error {
  /** What the service calls it, such as `ConditionalCheckFailedException`; `UnknownError` where that is not said. */
  override readonly name: string;
  /** HTTP. */
  readonly status: number;

  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

/** Whether a write was refused because its condition did not hold. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof DynamoError && error.name === 'ConditionalCheckFailedException';
}

export function createClient(options: ClientOptions & Pauses = {}): DynamoClient {
  const { endpoint, sleep = (ms) => delay(ms), random = Math.random } = options;
  const isLocal = endpoint !== undefined && isLoopbackUrl(endpoint);
  const timeoutMs = options.requestTimeoutMs ?? (isLocal ? LOCAL_TIMEOUT_MS : REQUEST_TIMEOUT_MS);
  const account = accountOf(options);
  const sign = createSigner({ createHash, createHmac });
  const exchange = createExchange(timeoutMs);

  async function attempt(operation: string, body: string): Promise<object> {
    const [url, region, credentials] = [await account.endpoint(), await account.region(), await account.credentials()];
    const request = { method: 'POST', url, service: 'dynamodb', region, headers: headersFor(operation), body } as const;
    return exchange.post(url, sign({ ...request, at: new Date() }, credentials), body);
  }

  return {
    async send<Output extends object>(operation: string, input: object): Promise<Output> {
      const body = JSON.stringify(input);
      for (let tries = 1; ; tries += 1) {
        try {
          return (await attempt(operation, body)) as Output;
        } catch (error) {
          if (tries >= MAX_ATTEMPTS || !isWorthRetrying(error)) throw error;
        }
        await sleep(random() * FIRST_PAUSE_MS * 2 ** (tries - 1));
      }
    },
    place: () => placeOf(endpoint, account),
    destroy: () => exchange.destroy(),
  };
}

async function placeOf(endpoint: string | undefined, account: Account): Promise<string> {
  if (endpoint !== undefined) return `at ${new URL(endpoint).origin}`;
  return `in ${await account.region().catch(() => 'no region (set AWS_REGION)')}`;
}

function isWorthRetrying(error: unknown): boolean {
  if (error instanceof DynamoError) return error.status >= 500 || WORTH_RETRYING.has(error.name);
  // A connection that broke, or was never made; not Node's errors for a wrong call (`ERR_…`).
  return error instanceof Error && 'code' in error && /^E[A-Z]+$/.test(String(error.code));
}

/** Requests over kept connections, each within the timeout. */
function createExchange(timeoutMs: number) {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS };
  const agents = [new HttpAgent(options), new HttpsAgent(options)] as const;
  const [plain, secure] = agents;

  return {
    post(url: URL, headers: Record<string, string>, body: string): Promise<object> {
      const isPlain = url.protocol === 'http:';
      return new Promise((resolve, reject) => {
        const request = (isPlain ? requestHttp : requestHttps)(url, {
          method: 'POST',
          agent: isPlain ? plain : secure,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        });
        const timer = setTimeout(() => request.destroy(timedOut()), timeoutMs);
        const fail = (error: unknown) => {
          clearTimeout(timer);
          reject(error);
        };
        request.on('error', fail);
        request.on('response', (response) => {
          textOf(
            response,
            (text) => {
              clearTimeout(timer);
              try {
                resolve(outputOf(response.statusCode ?? 0, text));
              } catch (error) {
                reject(error);
              }
            },
            fail,
          );
        });
        request.end(body);
      });
    },
    destroy() {
      for (const agent of agents) agent.destroy();
    },
  };
}

function textOf(response: IncomingMessage, done: (text: string) => void, fail: (error: unknown) => void): void {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
  });
  response.on('end', () => done(text));
  response.on('error', fail);
}

/** What an answer of DynamoDB says. @throws {DynamoError} */
export function outputOf(status: number, text: string): object {
  const answer = parsed(text);
  if (status === 200 && answer !== null) return answer;
  const { __type, message, Message } = (answer ?? {}) as Record<string, unknown>;
  const name = errorName(__type) ?? (status === 200 ? 'SyntaxError' : 'UnknownError');
  throw new DynamoError(name, status, String(message ?? Message ?? `HTTP ${status}`));
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function timedOut(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}
