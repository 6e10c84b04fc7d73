/**
 * A route is one value: its path, what it takes, what it answers, and how. The app serves it and the OpenAPI document
 * describes it, so neither can know of one that the other does not.
 */

import type { HonoRequest } from 'hono';
import * as z from 'zod';
import { type Export, exportResponse } from '../views/export.ts';
import { JSON_MEDIA, readBody, readFields, single } from './input.ts';
import type { ProblemCode } from './problem.ts';

const NO_FIELDS = z.strictObject({});
type NoFields = typeof NO_FIELDS;

/** A value as the schema has it, that may be shared with code that promised not to change it. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type Reply<Answer> =
  | {
      /** Default: the first of the route's `statuses`. */
      status?: number;
      /** Sent as JSON, or as it is when the route's media type is another. Null: no body. */
      body: DeepReadonly<Answer> | null;
    }
  | {
      /** Sent piece by piece, in one of the route's `exports`. */
      export: Export;
    };

export interface RouteInput<Path, Query> {
  path: Path;
  query: Query;
  /** The JSON object of a route with a `body`, not yet judged; empty otherwise. */
  body: Readonly<Record<string, unknown>>;
  /** The header Accept; absent when there is none. */
  accept: string | undefined;
  /** The whole address that was asked for. */
  url: string;
  /** Whether the caller may also check and change. */
  mayChange: boolean;
}

/** A route as it is documented and served. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As OpenAPI writes it: `/v1/providers/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly group: 'Health' | 'History' | 'Routing' | 'Changes' | 'Monitor' | 'Pictures';
  readonly pathSchema: z.ZodObject;
  /** Null: any query is taken, and ignored. */
  readonly querySchema: z.ZodObject | null;
  /** Describes the body that it takes; null: none. */
  readonly bodySchema: z.ZodType | null;
  readonly media: string;
  readonly answerSchema: z.ZodType;
  /** Media types that it answers with instead when asked to, as text. */
  readonly exports: readonly string[];
  /** Status and what it means, of each good answer. */
  readonly statuses: Readonly<Record<number, string>>;
  /** Those that not every route has. */
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
  /** Default: no query is taken, and one that is sent is refused. Null: any is taken, and ignored. */
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
  /** How long the answer may be kept; 0: not at all. */
  cacheSeconds: number;
  /** More headers of good answers. */
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

/** A parameter of a path, and what may follow it in its segment, such as `.svg`. */
const PARAMETER = /\{(\w+)\}(\.\w+)?/g;

/** The path as hono writes it: `/badge/:id{[^/]+\\.svg}`. */
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
