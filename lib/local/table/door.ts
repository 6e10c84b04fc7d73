/**
 * The port through which other programs of this machine use the table of this process. They need the table's key, and
 * web pages are refused. They may read and write items; only this process may change the table itself.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { THIS_MACHINE_WITHOUT_PAGES } from '../admission.ts';
import { type Door, openDoor } from '../door.ts';
import type { TableCredentials } from './credentials.ts';
import type { EmbeddedTable } from './embedded.ts';
import { claimOf, isSigned } from './signature.ts';

/** More than a BatchWriteItem of 25 items of 4 KB. */
const MAX_BODY_BYTES = 1024 * 1024;

const OPERATIONS: ReadonlySet<string> = new Set([
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
]);

const WRONG_KEY =
  'expected a request signed with the key of this table, got another one or none. npm start prints the path of the file with ' +
  'the key: set AWS_SHARED_CREDENTIALS_FILE to it, and unset AWS_ACCESS_KEY_ID and AWS_PROFILE, which override it.';

/** A refusal in DynamoDB's form. */
class Refusal extends Error {
  readonly statusCode: number;
  readonly type: string;

  constructor(statusCode: number, type: string, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.type = type;
  }
}

export function openTableDoor({ dynamo }: EmbeddedTable, credentials: TableCredentials): Promise<Door> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const target = String(request.headers['x-amz-target']);
      const body = await bodyOf(request, credentials);
      const [, operation = ''] = target.split('.');
      if (!OPERATIONS.has(operation)) {
        const message = `expected one of ${[...OPERATIONS].join(', ')}; got ${JSON.stringify(operation)}.`;
        throw new Refusal(400, 'AccessDeniedException', message);
      }
      const { statusCode, headers, body: text } = await dynamo.ask(target, body);
      response.writeHead(statusCode, headers).end(text);
    } catch (error) {
      // If the caller has gone, nobody gets this answer.
      refuse(response, error);
    }
  }

  return openDoor({
    admission: THIS_MACHINE_WITHOUT_PAGES,
    listener: (request, response) => void answer(request, response),
  });
}

/**
 * Reads the body of a request that is signed with the key. Does not read the body if the request names another key.
 * @throws {Refusal}
 */
async function bodyOf(request: IncomingMessage, credentials: TableCredentials): Promise<string> {
  const { method, url, headers } = request;
  if (method !== 'POST' || url !== '/') throw new Refusal(404, 'UnknownOperationException', 'expected POST /.');
  const claim = claimOf(headers, credentials);
  if (claim === null) throw new Refusal(400, 'UnrecognizedClientException', WRONG_KEY);
  const tooLong = new Refusal(413, 'ValidationException', `body: expected at most ${MAX_BODY_BYTES} bytes, got more.`);
  if (Number(headers['content-length']) > MAX_BODY_BYTES) throw tooLong;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw tooLong;
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString();
  if (!isSigned(claim, { headers, body }, credentials)) {
    throw new Refusal(400, 'UnrecognizedClientException', WRONG_KEY);
  }
  return body;
}

/** Answers with a refusal. The message of another error is not sent: it is about dynalite's code. */
function refuse(response: ServerResponse, error: unknown): void {
  const { statusCode, type, message } =
    error instanceof Refusal ? error : new Refusal(500, 'InternalServerError', 'the request could not be understood.');
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message });
  response.writeHead(statusCode, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}
