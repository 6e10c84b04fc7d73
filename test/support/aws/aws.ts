/**
 * An AWS on one port of this machine, for bundled functions: it records the actions of each call, checks them against
 * the caller's policies as IAM does, and answers. The table behind it is an embedded DynamoDB. The access key
 * identifies the caller.
 */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestTable } from '../table.ts';
import {
  ACCOUNT,
  type Action,
  type Allowance,
  allowancesOf,
  type CfnResources,
  isAllowed,
  REGION,
} from './policies.ts';

export interface Call extends Action {
  /** Access key of the caller. */
  caller: string;
  allowed: boolean;
}

export interface EmulatedAws {
  /** For `AWS_ENDPOINT_URL`. */
  url: string;
  calls: Call[];
  /** Parameters and secrets, by name: `/provider-health/openai`, `secret:anthropic`. */
  texts: Map<string, string>;
  /** Objects, by `bucket/key`. */
  objects: Map<string, string>;
  /** By access key. A caller that is not in it may do nothing. */
  allowances: Map<string, readonly Allowance[]>;
  /** Gives an access key the rights that the role of a function has in a template. */
  allow(caller: string, resources: CfnResources, functionId: string): void;
  close(): Promise<void>;
}

/** One operation: the actions that IAM checks, and the answer. */
interface Operation {
  actions: Action[];
  answer: (response: ServerResponse) => void | Promise<void>;
}

interface Incoming {
  request: IncomingMessage;
  body: string;
  region: string;
}

const tableArn = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;

export async function startAws(table: TestTable): Promise<EmulatedAws> {
  const server = createServer((request, response) => {
    void textOf(request).then((body) => serve(request, body, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const agent = new Agent({ keepAlive: true });
  const services: Record<string, (incoming: Incoming) => Operation> = {
    dynamodb: (incoming) => dynamodb(incoming, table, agent),
    ssm: (incoming) => ssm(incoming, aws.texts),
    sns,
    events,
    bedrock,
    s3: (incoming) => s3(incoming, aws.objects),
  };

  async function serve(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const [, caller = '', region = '', service = ''] =
      /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const operation = services[service]?.({ request, body, region });
    if (!operation) {
      response.writeHead(400).end(`no such service: ${service}`);
      return;
    }
    const allowances = aws.allowances.get(caller) ?? [];
    const verdicts = operation.actions.map((action) => ({ ...action, caller, allowed: isAllowed(allowances, action) }));
    aws.calls.push(...verdicts);
    if (verdicts.every(({ allowed }) => allowed)) await operation.answer(response);
    else deny(response, service, caller);
  }

  const aws: EmulatedAws = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    texts: new Map(),
    objects: new Map(),
    allowances: new Map(),
    allow(caller, resources, functionId) {
      const [tableId = ''] = Object.entries(resources).find(([, { Type }]) => Type === 'AWS::DynamoDB::Table') ?? [];
      aws.allowances.set(caller, allowancesOf(resources, functionId, { [tableId]: tableArn(table.tableName) }));
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return aws;
}

function deny(response: ServerResponse, service: string, caller: string): void {
  const message = `User: ${caller} is not authorized to perform this action`;
  if (service === 'sns') {
    response
      .writeHead(403)
      .end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    return;
  }
  response.writeHead(service === 'bedrock' || service === 's3' ? 403 : 400, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-errortype': 'AccessDeniedException',
  });
  response.end(JSON.stringify({ __type: 'AccessDeniedException', message, Message: message }));
}

const json = (value: unknown) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(value));
};

type Attribute = { S?: string };

function dynamodb({ request, body }: Incoming, table: TestTable, agent: Agent): Operation {
  const target = String(request.headers['x-amz-target']);
  const input = JSON.parse(body);
  const keys: Attribute[] =
    input.RequestItems === undefined
      ? [input.Key?.pk ?? input.Item?.pk ?? input.ExpressionAttributeValues?.[':pk']]
      : Object.values(input.RequestItems as Record<string, never>).flatMap(
          (items: { Keys?: { pk: Attribute }[] } | { PutRequest: { Item: { pk: Attribute } } }[]) =>
            Array.isArray(items)
              ? items.map(({ PutRequest }) => PutRequest.Item.pk)
              : (items.Keys ?? []).map(({ pk }) => pk),
        );
  const leading = [...new Set(keys.flatMap((key) => key?.S ?? []))];
  return {
    actions: [
      {
        action: `dynamodb:${target.split('.')[1]}`,
        resource: tableArn(input.TableName ?? Object.keys(input.RequestItems ?? {})[0]),
        context: leading.length === 0 ? {} : { 'dynamodb:LeadingKeys': leading },
      },
    ],
    answer(response) {
      const headers = {
        'x-amz-target': target,
        'content-type': 'application/x-amz-json-1.0',
        authorization: request.headers.authorization,
        'x-amz-date': request.headers['x-amz-date'],
        'content-length': Buffer.byteLength(body),
      };
      // Each attempt of a function's client ends after 0.8 s, so nothing slow may be between it and the table.
      const forwarded = requestHttp(table.endpoint, { method: 'POST', agent, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, { 'content-type': 'application/x-amz-json-1.0' });
        answer.pipe(response);
      });
      forwarded.on('error', () => response.destroy());
      forwarded.end(body);
    },
  };
}

const SECRET_PATH = '/aws/reference/secretsmanager/';

/** Parameter Store gives a secret to a caller who may read the parameter and the secret. */
function ssm({ request, body, region }: Incoming, texts: ReadonlyMap<string, string>): Operation {
  const { Name: name } = JSON.parse(body) as { Name: string };
  const action = `ssm:${String(request.headers['x-amz-target']).split('.')[1]}`;
  const secret = name.startsWith(SECRET_PATH) ? name.slice(SECRET_PATH.length) : null;
  const text = texts.get(secret === null ? name : `secret:${secret}`);
  const parameter = `arn:aws:ssm:${region}:${ACCOUNT}:parameter/${name.replace(/^\//, '')}`;
  const actions = [{ action, resource: parameter }];
  if (secret !== null) {
    const resource = `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${secret}-Xy12Zz`;
    actions.push({ action: 'secretsmanager:GetSecretValue', resource });
  }
  return {
    actions,
    answer(response) {
      if (text !== undefined) return json({ Parameter: { Name: name, Value: text, Type: 'SecureString' } })(response);
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: 'ParameterNotFound', message: '' }));
    },
  };
}

function sns({ body }: Incoming): Operation {
  const form = new URLSearchParams(body);
  return {
    actions: [{ action: `sns:${form.get('Action')}`, resource: form.get('TopicArn') ?? '' }],
    answer(response) {
      const result = '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';
      response.writeHead(200, { 'content-type': 'text/xml' }).end(result);
    },
  };
}

function events({ request, body, region }: Incoming): Operation {
  const action = `events:${String(request.headers['x-amz-target']).split('.')[1]}`;
  const { Entries } = JSON.parse(body) as { Entries: { EventBusName: string }[] };
  return {
    actions: Entries.map(({ EventBusName: bus }) => ({
      action,
      resource: bus.startsWith('arn:') ? bus : `arn:aws:events:${region}:${ACCOUNT}:event-bus/${bus}`,
    })),
    answer: json({ FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: '1' })) }),
  };
}

/**
 * A caller who may not list the bucket gets the same refusal for an object that does not exist as for one that it may
 * not read.
 */
function s3({ request }: Incoming, objects: ReadonlyMap<string, string>): Operation {
  const name = (request.url ?? '').slice(1);
  const text = objects.get(name);
  return {
    actions: [{ action: 's3:GetObject', resource: `arn:aws:s3:::${name}` }],
    answer(response) {
      if (text === undefined) return void response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
      const etag = `"${createHash('md5').update(text).digest('hex')}"`;
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
      response.writeHead(200, { etag }).end(text);
    },
  };
}

const CONVERSED = {
  output: { message: { role: 'assistant', content: [{ text: 'ok' }] } },
  stopReason: 'max_tokens',
  usage: { inputTokens: 5, outputTokens: 1, totalTokens: 6 },
};

/** A model, or an inference profile and the models behind it in every region that it may send a request to. */
function bedrock({ request, region }: Incoming): Operation {
  const [, id = '', verb = ''] = /^\/model\/([^/]+)\/(converse(?:-stream)?)$/.exec(request.url ?? '') ?? [];
  if (verb === '') {
    return {
      actions: [{ action: 'bedrock:ListFoundationModels', resource: '*' }],
      answer: json({ modelSummaries: [] }),
    };
  }
  const model = decodeURIComponent(id);
  const action = verb === 'converse' ? 'bedrock:InvokeModel' : 'bedrock:InvokeModelWithResponseStream';
  const foundation = (of: string, name: string) => `arn:aws:bedrock:${of}::foundation-model/${name}`;
  const [, name] = /^eu\.(.+)$/.exec(model) ?? [];
  if (name === undefined)
    return { actions: [{ action, resource: foundation(region, model) }], answer: json(CONVERSED) };
  const profile = `arn:aws:bedrock:${region}:${ACCOUNT}:inference-profile/${model}`;
  const context = { 'bedrock:InferenceProfileArn': [profile] };
  return {
    actions: [
      { action, resource: profile },
      ...['eu-central-1', 'eu-west-1'].map((of) => ({ action, resource: foundation(of, name), context })),
    ],
    answer: json(CONVERSED),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  return text;
}
