/**
 * The port on which other programs of this machine use the table of this process: those that have its key, and no web
 * page. They read and write items; only this process may change the table itself.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { THIS_MACHINE_WITHOUT_PAGES } from '../admission.ts';
import { type Door, openDoor } from '../door.ts';
import type { TableCredentials } from './credentials.ts';
import type { EmbeddedTable } from './embedded.ts';
import { claimOf, isSigned } from './signature.ts';

/** A BatchWriteItem has 25 items of 4 KB at most. */
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
  'expected a request signed with the key of this table, got another one or none. npm start prints the file that has ' +
  'it: set AWS_SHARED_CREDENTIALS_FILE to that, and no AWS_ACCESS_KEY_ID or AWS_PROFILE, which go before it.';

/** Why a request is refused, in DynamoDB's form. */
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
      // A caller that hung up does not get it.
      refuse(response, error);
    }
  }

  return openDoor({
    admission: THIS_MACHINE_WITHOUT_PAGES,
    listener: (request, response) => void answer(request, response),
  });
}

/** Reads nothing of a caller that does not name the key. @throws {Refusal} */
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
  if (!(await isSigned(claim, { headers, body }, credentials))) {
    throw new Refusal(400, 'UnrecognizedClientException', WRONG_KEY);
  }
  return body;
}

/** The message of what dynalite threw stays here: it is about dynalite's code. */
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
