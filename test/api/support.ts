/**
 * The API over a store in memory, a clock that stands, and a real checker's rules. Every answer of every test is
 * compared with the schema of its route and with the OpenAPI document, so an undocumented field, status or shape fails
 * in the first test that gets it.
 */

import { expect } from 'vitest';
import * as z from 'zod';
import type { Checker } from '../../lib/api/api.ts';
import { type ApiOptions, createApp, routesOf } from '../../lib/api/app.ts';
import { PROBLEM_MEDIA, PROBLEMS } from '../../lib/api/http/problem.ts';
import type { Route } from '../../lib/api/http/route.ts';
import { problemAnswer } from '../../lib/api/shapes/answers.ts';
import { openApiDocument, problemCodesOf } from '../../lib/api/shapes/openapi.ts';
import type { Log } from '../../lib/base/log.ts';
import type { CheckContext } from '../../lib/checker/context.ts';
import { setPause } from '../../lib/checker/fleet/pause.ts';
import { register, unregister } from '../../lib/checker/fleet/register.ts';
import { checkAll, checkOne } from '../../lib/checker/manual/manual.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import type { Store } from '../../lib/store/store.ts';
import { START } from '../support/builders.ts';
import { checkContext, type TestContext } from '../support/check-context.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Of a JSON answer; null otherwise. */
  body: unknown;
}

export interface TestApi extends TestContext {
  routes: readonly Route[];
  /** Every answer with a body is compared with its documentation. */
  request(path: string, init?: RequestInit): Promise<Answer>;
  /** The same, not checked and not yet read. */
  raw(path: string, init?: RequestInit): Promise<Response>;
  /** Calls of the store since the test began, such as `statuses.list`. */
  calls: string[];
  logged: { message: string; fields: Record<string, unknown> | undefined }[];
}

export interface TestApiOptions extends Partial<Omit<ApiOptions, 'declared' | 'now'>> {
  declared?: readonly ProviderConfig[];
  /** Statuses that the store begins with. */
  statuses?: readonly ProviderStatus[];
  parseProvider?: CheckContext['parseProvider'];
  /** Called before each call of the store; if it throws, the call rejects with that error. */
  onCall?: (name: string) => void;
}

export async function testApi(options: TestApiOptions = {}): Promise<TestApi> {
  const { declared = [], statuses = [], onCall, parseProvider, ...rest } = options;
  const calls: string[] = [];
  const logged: TestApi['logged'] = [];
  const base = options.store ?? createMemoryStore({ now: () => new Date(START) });
  for (const status of statuses) await base.statuses.put(status, null, null);
  const store = watched(base, (name) => {
    calls.push(name);
    onCall?.(name);
  });
  const context = checkContext(declared, { store, ...(parseProvider && { parseProvider }) });
  const appOptions: ApiOptions = {
    checker: checkerOf(context),
    monitor: { tickSeconds: 60, shards: ['0'] },
    log: recordingLog(logged),
    random: () => 0.5,
    ...rest,
    store,
    declared,
    now: context.clock.now,
  };
  const app = createApp(appOptions);
  const routes = routesOf(appOptions);
  const documented = documentedAnswers(routes, options.basePath ?? '');
  const request = async (path: string, init?: RequestInit) => {
    const response = await app.request(path, init);
    const answer = await read(response);
    documented(init?.method ?? 'GET', path, answer);
    return answer;
  };
  const raw = async (path: string, init?: RequestInit) => app.request(path, init);
  return { ...context, routes, request, raw, calls, logged };
}

/** The work of HealthChecker in the same context. */
function checkerOf(context: CheckContext): Checker {
  return {
    registerProvider: (input) => register(context, input),
    unregisterProvider: (id) => unregister(context, id),
    manualHealthCheck: (id) => checkOne(context, id),
    manualHealthCheckAll: () => checkAll(context),
    setDrain: (id, pause) => setPause(context, id, 'drain', pause),
    setMaintenance: (id, pause) => setPause(context, id, 'maintenance', pause),
    testAlerts: async () => [{ channel: 'team', type: 'slack', outcome: 'delivered', answer: 'HTTP 200: ok' }],
  };
}

export function json(body: unknown, method = 'PUT'): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function read(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const text = await response.text();
  const isJson = /\bjson\b/.test(headers.get('content-type') ?? '');
  return { status, headers, text, body: isJson && text !== '' ? JSON.parse(text) : null };
}

/** Compares one answer with its route, and an answer without a route with the form of a problem document. */
function documentedAnswers(
  routes: readonly Route[],
  basePath: string,
): (method: string, path: string, answer: Answer) => void {
  return (method, path, answer) => {
    if (method === 'HEAD') return;
    const { pathname } = new URL(`http://localhost${path.slice(basePath.length)}`);
    const route = routes.find((one) => one.method === method && patternOf(one.path).test(pathname));
    const isProblem = answer.status >= 400;
    const media = answer.headers.get('content-type');
    if (isProblem) {
      expect(media).toBe(PROBLEM_MEDIA);
      expect(problemAnswer.parse(answer.body)).toMatchObject({ status: answer.status });
    }
    if (!route) return expect([404, 405, 413], `${method} ${path} has no route`).toContain(answer.status);

    const statuses = isProblem
      ? problemCodesOf(route).map((code) => PROBLEMS[code])
      : Object.keys(route.statuses).map(Number);
    expect(statuses, `${method} ${path} answers a status that is not documented`).toContain(answer.status);
    if (answer.status === 204) return expect(answer.text).toBe('');
    if (route.exports.includes(media ?? '')) return;
    if (!isProblem) {
      expect(media).toBe(route.media);
      route.answerSchema.parse(route.media === 'application/json' ? answer.body : answer.text);
    }
    if (answer.body !== null) documentSchema(routes, route, answer.status).parse(answer.body);
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

interface DocumentedResponse {
  content?: Record<string, { schema: Record<string, unknown> }>;
}

export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, DocumentedResponse> }>>;
  components: { schemas: Record<string, Record<string, unknown>> };
}

/** By method, path and status; the same routes give the same document, so each schema is read once a file. */
const known = new Map<string, z.ZodType>();

/** Reads a schema back from the document, like a caller who has nothing else. */
function documentSchema(routes: readonly Route[], { method, path }: Route, status: number): z.ZodType {
  const key = `${method} ${path} ${status}`;
  const schema =
    known.get(key) ??
    readSchema(routes, key, (document) => document.paths[path]?.[method.toLowerCase()]?.responses[status]);
  known.set(key, schema);
  return schema;
}

function readSchema(
  routes: readonly Route[],
  key: string,
  responseOf: (document: OpenApiDocument) => DocumentedResponse | undefined,
): z.ZodType {
  const text = JSON.stringify(openApiDocument(routes, '/')).replaceAll('#/components/schemas/', '#/$defs/');
  const document = JSON.parse(text) as OpenApiDocument;
  const [content] = Object.values(responseOf(document)?.content ?? {});
  if (!content) throw new Error(`${key}: expected a schema in the document, got none`);
  const schema = { ...content.schema, $defs: document.components.schemas };
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
}

/** The store; a callback gets each call first. */
function watched(store: Store, onCall: (name: string) => void): Store {
  return watch(store, '', onCall);
}

function watch<T extends object>(target: T, prefix: string, onCall: (name: string) => void): T {
  return new Proxy(target, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key);
      const name = `${prefix}${String(key)}`;
      if (typeof value === 'function') {
        return async (...parameters: unknown[]) => {
          onCall(name);
          return Reflect.apply(value, object, parameters);
        };
      }
      return typeof value === 'object' && value !== null ? watch(value, `${name}.`, onCall) : value;
    },
  });
}

function recordingLog(logged: TestApi['logged']): Log {
  const record = (message: string, fields?: Record<string, unknown>) => void logged.push({ message, fields });
  return { info: record, warn: record, error: record };
}
