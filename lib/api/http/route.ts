/**
 * A route is one value: its path, its input, its answer, and its handler. The app serves routes and the OpenAPI
 * document describes them, from the same values, so the two cannot differ.
 */

import type { HonoRequest } from 'hono';
import * as z from 'zod';
import { type Export, exportResponse } from '../views/export.ts';
import { JSON_MEDIA, readBody, readFields, single } from './input.ts';
import type { ProblemCode } from './problem.ts';

const NO_FIELDS = z.strictObject({});
type NoFields = typeof NO_FIELDS;

/** The schema's type, read-only at every depth, so that a handler can return shared values. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type Reply<Answer> =
  | {
      /** Default: the first of the route's `statuses`. */
      status?: number;
      /** Sent as JSON, or unchanged where the route has another media type. Null: no body. */
      body: DeepReadonly<Answer> | null;
    }
  | {
      /** Sent in pieces, in one of the media types in the route's `exports`. */
      export: Export;
    };

export interface RouteInput<Path, Query> {
  path: Path;
  query: Query;
  /** The JSON object of a route with a `body`, not yet validated; empty otherwise. */
  body: Readonly<Record<string, unknown>>;
  /** The header Accept; absent when there is none. */
  accept: string | undefined;
  /** The whole address of the request. */
  url: string;
  /** Whether the caller may also start checks and change something. */
  mayChange: boolean;
}

/** A route for the app and for the OpenAPI document. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** In the notation of OpenAPI: `/v1/providers/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly group: 'Health' | 'History' | 'Routing' | 'Changes' | 'Monitor' | 'Pictures';
  readonly pathSchema: z.ZodObject;
  /** Null: every query is accepted and ignored. */
  readonly querySchema: z.ZodObject | null;
  /** Schema of the body; null: the route takes no body. */
  readonly bodySchema: z.ZodType | null;
  readonly media: string;
  readonly answerSchema: z.ZodType;
  /** Further media types, as text, that the caller can request. */
  readonly exports: readonly string[];
  /** Each status of a good answer, and its meaning. */
  readonly statuses: Readonly<Record<number, string>>;
  /** Problems that not every route has. */
  readonly problems: readonly ProblemCode[];
  answer(request: HonoRequest, mayChange: boolean): Promise<Response>;
}

export interface RouteSpec<Path extends z.ZodObject, Query extends z.ZodObject, Answer extends z.ZodType> {
  method?: Route['method'];
  path: string;
  operationId: string;
  summary: string;
  group: Route['group'];
  /** Default: the path has no parameters. */
  params?: Path;
  /** Default: a query is refused. Null: every query is accepted and ignored. */
  query?: Query | null;
  body?: z.ZodType;
  /** Default JSON. */
  media?: string;
  answers: Answer;
  /** Default: none. */
  exports?: readonly string[];
  /** Default: 200. */
  statuses?: Readonly<Record<number, string>>;
  problems?: readonly ProblemCode[];
  /** Seconds for which the answer may be cached; 0: not at all. */
  cacheSeconds: number;
  /** Further headers of good answers. */
  headers?: Readonly<Record<string, string>>;
  handle(input: RouteInput<z.output<Path>, z.output<Query>>): Promise<Reply<z.output<Answer>>>;
}

export function defineRoute<
  Answer extends z.ZodType,
  Path extends z.ZodObject = NoFields,
  Query extends z.ZodObject = NoFields,
>(spec: RouteSpec<Path, Query, Answer>): Route {
  const { method = 'GET', media = JSON_MEDIA, statuses = { 200: 'OK' }, query = NO_FIELDS } = spec;
  const pathSchema = spec.params ?? NO_FIELDS;
  const usual = Number(Object.keys(statuses)[0]);
  const headers = {
    ...spec.headers,
    'content-type': media,
    'cache-control': spec.cacheSeconds > 0 ? `max-age=${spec.cacheSeconds}` : 'no-store',
    ...(spec.exports && { vary: 'Accept' }),
  };
  return {
    method,
    path: spec.path,
    operationId: spec.operationId,
    summary: spec.summary,
    group: spec.group,
    pathSchema,
    querySchema: query,
    bodySchema: spec.body ?? null,
    media,
    answerSchema: spec.answers,
    exports: spec.exports ?? [],
    statuses,
    problems: spec.problems ?? [],
    async answer(request, mayChange) {
      const reply = await spec.handle({
        path: readFields(pathSchema, pathFields(spec.path, request)) as z.output<Path>,
        query: (query ? readFields(query, single(request.queries())) : {}) as z.output<Query>,
        body: spec.body ? await readBody(request) : {},
        accept: request.header('accept'),
        url: request.url,
        mayChange,
      });
      if ('export' in reply) return exportResponse(reply.export, request.url, headers);
      const status = reply.status ?? usual;
      if (reply.body === null) return new Response(null, { status, headers: { 'cache-control': 'no-store' } });
      const text = media === JSON_MEDIA ? JSON.stringify(reply.body) : String(reply.body);
      return new Response(text, { status, headers });
    },
  };
}

/** A parameter of a path, with an optional suffix in the same segment, such as `.svg`. */
const PARAMETER = /\{(\w+)\}(\.\w+)?/g;

/** The path in the notation of hono: `/badge/:id{[^/]+\\.svg}`. */
export function honoPath(path: string): string {
  return path.replace(PARAMETER, (_, name: string, suffix?: string) =>
    suffix ? `:${name}{[^/]+\\${suffix}}` : `:${name}`,
  );
}

function pathFields(path: string, request: HonoRequest): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name = '', suffix = ''] of path.matchAll(PARAMETER)) {
    const value = request.param(name) ?? '';
    fields[name] = suffix ? value.slice(0, -suffix.length) : value;
  }
  return fields;
}
