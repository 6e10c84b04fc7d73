/**
 * The HTTP API as one app, from Request to Response. functions/ and lib/local connect it to events and sockets. Without
 * a checker the app only reads: it has no routes that change something.
 */

import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Log } from '../base/log.ts';
import type { Proofs } from '../config/access.ts';
import type { PageSettings } from '../config/page.ts';
import type { ProviderConfig } from '../health/provider.ts';
import type { Store } from '../store/store.ts';
import { type AccessVariables, admit } from './access/admit.ts';
import type { Access, Caller } from './access/caller.ts';
import { type AnswerLimits, limitAnswers } from './answer-limit.ts';
import type { Api, Checker, MonitorSettings } from './api.ts';
import { applyHeaders } from './http/headers.ts';
import { Problem, problemOf, problemResponse } from './http/problem.ts';
import { honoPath, type Route } from './http/route.ts';
import { alertRoutes } from './routes/alerts.ts';
import { badgeRoutes } from './routes/badge.ts';
import { changeRoutes } from './routes/changes.ts';
import { historyRoutes } from './routes/history.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { monitorRoutes } from './routes/monitor.ts';
import { PAGE_MEDIA, pageRoutes } from './routes/page.ts';
import { pauseRoutes } from './routes/pauses.ts';
import { selectRoutes } from './routes/select.ts';
import { statusRoutes } from './routes/status.ts';

/** Far more than the settings of a provider: a larger body is a mistake or an attack. */
const MAX_BODY_BYTES = 16 * 1024;

export interface ApiOptions {
  store: Store;
  /** Null: the app only reads, for a function without the right to read keys. */
  checker: Checker | null;
  /** Declared providers. */
  declared: readonly ProviderConfig[];
  monitor: MonitorSettings;
  log: Log;
  /** Default: the process's clock. */
  now?: () => Date;
  /** Default: Math.random. */
  random?: () => number;
  /** Limits of an answer's size. Default: none; exports are then sent while they are read. */
  limits?: AnswerLimits;
  /** The path that the routes lie under, such as the stage of an API Gateway: `/prod`. Default: the root. */
  basePath?: string;
  /** Decides who may call. Default: everybody, because a gateway in front of the app decides. */
  access?: Access;
  /** How callers prove who they are, for the OpenAPI document. Default: everybody may call. */
  proofs?: Proofs;
  /**
   * The sender's address, from the environment that the server passes with the request. Default: one address for all.
   */
  addressOf?: (env: unknown) => string;
}

export type ApiEnv = { Variables: { requestId: string } & AccessVariables };

export function createApp(options: ApiOptions): Hono<ApiEnv> {
  const { basePath = '', log, now = () => new Date() } = options;
  const { page: site } = options.monitor;
  const app = new Hono<ApiEnv>({ getPath: (request) => pathBelow(basePath, new URL(request.url).pathname) });
  app.onError((error, c) => {
    const problem = problemOf(error, now());
    // A silent monitor is what the caller asked about; the request did not fail, and it comes again every few seconds.
    if (problem.status >= 500 && problem.code !== 'monitor_silent') logProblem(log, problem, c);
    return answerProblem(c, problem, site, now());
  });
  app.notFound((c) => answerProblem(c, unknownRoute(), site, now()));
  app.use(async (c, next) => {
    c.set('requestId', randomUUID());
    await next();
    applyHeaders(c.res.headers, c.var.requestId);
  });
  // API Gateway does not compress. Every answer is text, and a page of many providers gets many times smaller.
  app.use(options.limits ? limitAnswers(options.limits) : compress({ contentTypeFilter: () => true }));
  if (options.access) app.use(admit(options.access, options.addressOf ?? (() => '')));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => problemResponse(wrongMethod(c.req.method, methods), c.var.requestId),
    }),
  );
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseBody }));
  // The page offers changes if the caller may make them, or, where callers are not identified, if the app can.
  const mayChange = (caller?: Caller) => (caller ? caller.role === 'operator' : options.checker !== null);
  for (const route of routesOf(options)) {
    app.on(route.method, honoPath(route.path), (c) => route.answer(c.req, mayChange(c.var.caller)));
  }
  return app;
}

/** Every route that an app with these options serves. */
export function routesOf(options: ApiOptions): Route[] {
  const { store, checker, declared, monitor, log, now = () => new Date(), random = Math.random } = options;
  const exportPages = options.limits?.exportPages ?? Number.POSITIVE_INFINITY;
  const signIn = options.access?.signIn;
  const signInPath = signIn && !signIn.isRequired ? signIn.path : null;
  const api: Api = { store, declared, monitor, signInPath, log, now, random, startedAt: now(), exportPages };
  let document: Promise<Record<string, unknown>> | undefined;
  // The document describes the whole API. Where this app only reads, another function serves the changes.
  const changer = checker ?? CHECKER_ELSEWHERE;
  const changes = [...changeRoutes(api, changer), ...pauseRoutes(api, changer), ...alertRoutes(changer)];
  const reads: readonly Route[] = [
    ...statusRoutes(api),
    ...historyRoutes(api),
    ...incidentRoutes(api),
    ...selectRoutes(api),
    ...monitorRoutes(
      api,
      () => (document ??= describe([...reads, ...changes], options.basePath || '/', options.proofs)),
    ),
    ...badgeRoutes(api),
    ...pageRoutes(api),
  ];
  return checker ? [...reads, ...changes] : [...reads];
}

/** For routes that are described but not served here, so it is never called. */
const CHECKER_ELSEWHERE: Checker = {
  registerProvider: () => notHere('registerProvider'),
  unregisterProvider: () => notHere('unregisterProvider'),
  manualHealthCheck: () => notHere('manualHealthCheck'),
  manualHealthCheckAll: () => notHere('manualHealthCheckAll'),
  setDrain: () => notHere('setDrain'),
  setMaintenance: () => notHere('setMaintenance'),
  testAlerts: () => notHere('testAlerts'),
};

function notHere(method: string): Promise<never> {
  return Promise.reject(new Error(`${method}: expected a call in an app with a checker, got one in an app without`));
}

/** Loaded at the first request: the document is rarely requested, and loading it would slow every cold start. */
async function describe(
  routes: readonly Route[],
  serverUrl: string,
  proofs: Proofs | undefined,
): Promise<Record<string, unknown>> {
  const { openApiDocument } = await import('./shapes/openapi.ts');
  return openApiDocument(routes, serverUrl, proofs);
}

/**
 * Answers programs with problem details as JSON, and browsers with a page, unless the path is one of the JSON routes.
 */
async function answerProblem(
  c: Context<ApiEnv>,
  problem: Problem,
  site: PageSettings | undefined,
  now: Date,
): Promise<Response> {
  const response = problemResponse(problem, c.var.requestId);
  const wantsPage = c.req.header('accept')?.includes('text/html') && !c.req.path.includes('/v1/');
  if (!wantsPage) return response;
  const { problemPage } = await import('./page/problem-page.ts');
  const headers = new Headers(response.headers);
  headers.set('content-type', PAGE_MEDIA);
  headers.set('vary', 'Accept');
  return new Response(String(await problemPage(problem, { path: c.req.path, requestId: c.var.requestId, now }, site)), {
    status: response.status,
    headers,
  });
}

/**
 * The path without the base path, not decoded: a gateway limits requests by their path, so "%63heck" must not be a
 * second name of "check". A path outside of the base path stays as it is, since some servers strip the base path
 * themselves.
 */
function pathBelow(basePath: string, path: string): string {
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
}

function refuseBody(): never {
  throw new Problem('body_too_large', `Expected a body of at most ${MAX_BODY_BYTES} bytes, got a larger one.`);
}

function unknownRoute(): Problem {
  return new Problem('unknown_route', 'No route has this path. GET /v1/openapi.json lists the routes.');
}

function wrongMethod(method: string, allow: readonly string[]): Problem {
  return new Problem('method_not_allowed', `Expected ${allow.join(' or ')} at this path, got ${method}.`, { allow });
}

function logProblem(log: Log, problem: Problem, { req, var: { requestId } }: Context<ApiEnv>): void {
  const { cause } = problem;
  log.error('request failed', {
    requestId,
    method: req.method,
    route: req.routePath,
    code: problem.code,
    error: cause instanceof Error ? `${cause.name}: ${cause.message}` : problem.message,
    ...(problem.code === 'internal' && cause instanceof Error && { stack: cause.stack }),
  });
}
