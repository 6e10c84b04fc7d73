/**
 * A proxy in front of a DynamoDB that fails as a network or a service does: it loses answers, hangs, refuses, or
 * accepts only a part. Requests for which no fault is set pass.
 */

import { once } from 'node:events';
import { createServer, request as send } from 'node:http';

/** One request on its way, for a fault to deal with. */
export interface Call {
  /** The request's JSON. */
  body: Record<string, unknown>;
  /** Sends it to the table, changed or unchanged; resolves with the answer, which the caller has not yet got. */
  forward(body?: Record<string, unknown>): Promise<Answer>;
  reply(answer: Answer): void;
  /** Ends the connection without an answer. */
  hangUp(): void;
}

export interface Answer {
  status: number;
  body: string;
}

export type Fault = (call: Call) => void | Promise<void>;

export interface FaultyTable {
  endpoint: string;
  /** Operations that were asked for, in order. */
  readonly operations: readonly string[];
  /** The next requests of this operation meet these faults, one each. */
  fail(operation: string, ...faults: Fault[]): void;
  /** The fault for every request of this operation, unless another one is set for the next. */
  failAlways(operation: string, fault: Fault): void;
  reset(): void;
  close(): Promise<void>;
}

/** The table carries out the request, and the answer is lost. */
export const loseAnswer: Fault = async (call) => {
  await call.forward();
  call.hangUp();
};

/** As {@link loseAnswer}; before the caller asks again, something else happens. */
export const loseAnswerWhile =
  (meanwhile: () => Promise<unknown>): Fault =>
  async (call) => {
    await call.forward();
    await meanwhile();
    call.hangUp();
  };

export const neverAnswer: Fault = () => {};

/** An error as DynamoDB sends it. */
export const refuse =
  (type: string, status = 400, message = ''): Fault =>
  (call) =>
    call.reply({ status, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }) });

export const answer =
  (status: number, body: string): Fault =>
  (call) =>
    call.reply({ status, body });

/** Of a BatchWriteItem, takes all but those items that `isLeft` says of, which come back as unprocessed. */
export const leaveUnprocessed =
  (isLeft: (sk: string) => boolean): Fault =>
  async (call) => {
    const [tableName = '', requests = []] = Object.entries(call.body.RequestItems as RequestItems)[0] ?? [];
    const [left, taken] = [true, false].map((is) => requests.filter((one) => isLeft(one.PutRequest.Item.sk.S) === is));
    if (taken && taken.length > 0) await call.forward({ ...call.body, RequestItems: { [tableName]: taken } });
    const unprocessed = left && left.length > 0 ? { [tableName]: left } : {};
    call.reply({ status: 200, body: JSON.stringify({ UnprocessedItems: unprocessed }) });
  };

type RequestItems = Record<string, { PutRequest: { Item: { sk: { S: string } } } }[]>;

export async function startFaultyTable(target: string): Promise<FaultyTable> {
  const operations: string[] = [];
  const queued = new Map<string, Fault[]>();
  const always = new Map<string, Fault>();

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    operations.push(operation);
    const call: Call = {
      body: JSON.parse(text),
      forward: (body) => forward(target, request.headers, body ? JSON.stringify(body) : text),
      reply: ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
      },
      hangUp: () => request.socket.destroy(),
    };
    const fault = queued.get(operation)?.shift() ?? always.get(operation);
    if (fault) await fault(call);
    else call.reply(await call.forward());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();

  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`,
    operations,
    fail: (operation, ...faults) => void queued.set(operation, [...(queued.get(operation) ?? []), ...faults]),
    failAlways: (operation, fault) => void always.set(operation, fault),
    reset() {
      operations.length = 0;
      queued.clear();
      always.clear();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Signed for another host, which the embedded DynamoDB does not mind. */
async function forward(target: string, headers: NodeJS.Dict<string | string[]>, body: string): Promise<Answer> {
  const { host, connection, ...rest } = headers;
  const request = send(target, {
    method: 'POST',
    headers: { ...rest, 'content-length': Buffer.byteLength(body) },
    agent: false,
  });
  request.end(body);
  const [response] = await once(request, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() };
}
