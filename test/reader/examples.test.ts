/** The examples of the README, run as they are: against a table, the API and the SDKs' own clients, all local. */

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { healthyStatus } from '../support/builders.ts';
import { type ReaderTable, startReaderTable } from './support.ts';

const now = () => new Date().toISOString();
const fast = (id: string) => healthyStatus({ id }, { responseTimeMs: 100, timestamp: now() });
const slow = (id: string) => healthyStatus({ id }, { responseTimeMs: 900, timestamp: now() });

let table: ReaderTable;
let server: Server;
let url: string;
/** By path; any other is answered with a 503. */
let routes: Record<string, RequestListener>;
let asked: string[];
let logged: string[];

beforeAll(async () => {
  table = await startReaderTable('provider-health');
  server = createServer((request, response) => {
    request.resume();
    asked.push(String(request.url));
    const route = routes[String(request.url)];
    if (route) route(request, response);
    else response.writeHead(503).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
});

beforeEach(async () => {
  await table.reset();
  routes = {};
  asked = [];
  logged = [];
  vi.resetModules();
  vi.spyOn(console, 'log').mockImplementation((line) => void logged.push(line));
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: table.proxy.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    PROVIDER_HEALTH_TABLE_NAME: table.tableName,
    PROVIDER_HEALTH_URL: url,
    OPENAI_API_KEY: 'sk-openai',
    OPENAI_BASE_URL: `${url}/openai`,
    OPENAI_URL: `${url}/openai`,
    ANTHROPIC_API_KEY: 'sk-claude',
    ANTHROPIC_BASE_URL: `${url}/claude`,
    GLM_API_KEY: 'glm-key',
    GLM_BASE_URL: `${url}/glm`,
    MISTRAL_API_KEY: 'mistral-key',
    MISTRAL_URL: `${url}/mistral`,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await table.close();
});

const events =
  (...data: unknown[]): RequestListener =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const one of data)
      response.write(`event: ${(one as { type?: string }).type}\ndata: ${JSON.stringify(one)}\n\n`);
    response.end();
  };

describe('the example', () => {
  it('R6: of three lines picks the best provider, though the table takes 150 ms', async () => {
    await table.put(slow('openai'), fast('claude'), slow('glm'));
    table.proxy.fail('Query', async (call) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      call.reply(await call.forward());
    });
    const { health } = await import('../examples/router-three-lines.ts');
    expect(logged).toEqual(['ask claude']);
    expect(health.isHealthy('claude')).toBe(true);
  });

  it('with options streams from the next provider where the best fails', async () => {
    await table.put(fast('claude'));
    routes = {
      '/claude/v1/messages': events({ type: 'error', error: { type: 'overloaded_error', message: 'later' } }),
      '/openai/chat/completions': events(
        { choices: [{ delta: { role: 'assistant' } }] },
        { choices: [{ delta: { content: 'Hello' } }] },
        { choices: [{ delta: { content: ' there' } }] },
      ),
    };
    const { ask } = await import('../examples/router-with-options.ts');
    let text = '';
    for await (const piece of ask('hi')) text += piece;
    expect(text).toBe('Hello there');
    expect(asked).toEqual(['/claude/v1/messages', '/openai/chat/completions']);
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({
      provider: 'openai',
      failed: [{ provider: 'claude', category: 'overloaded' }],
    });
  });

  it.each([
    ['fetch gets an answer that is not ok', (_, response) => void response.writeHead(503).end()],
    ['an answer breaks off', (_, response) => void response.write('{"choices":', () => response.destroy())],
    ['an answer with status 200 is an error', (_, response) => void response.end('{"error":{"message":"overloaded"}}')],
  ] satisfies [string, RequestListener][])('without AWS asks the next provider where %s', async (_, failing) => {
    const json =
      (body: unknown): RequestListener =>
      (_, response) =>
        void response.end(JSON.stringify(body));
    routes = {
      '/v1/providers': json({ asOf: now(), providers: [slow('openai'), fast('mistral')], unreadable: [] }),
      '/mistral/chat/completions': failing,
      '/openai/chat/completions': json({ choices: [] }),
    };
    const { ask } = await import('../examples/router-without-aws.ts');
    expect(await ask('hi')).toEqual({ provider: 'openai', answer: { choices: [] } });
    expect(asked).toEqual(['/v1/providers', '/mistral/chat/completions', '/openai/chat/completions']);
  });
});
