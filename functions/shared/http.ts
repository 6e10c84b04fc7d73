/** Answers API Gateway events with the API, within the size that a Lambda may return. */

import { randomUUID } from 'node:crypto';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import type { Access } from '../../lib/api/access/caller.ts';
import { createApp } from '../../lib/api/app.ts';
import { applyHeaders } from '../../lib/api/http/headers.ts';
import { problemOf, problemResponse } from '../../lib/api/http/problem.ts';
import { monitorSettingsOf } from '../../lib/api/monitor-settings.ts';
import { messageOf } from '../../lib/base/error-text.ts';
import type { Log } from '../../lib/base/log.ts';
import type { HealthChecker } from '../../lib/checker/checker.ts';
import type { MonitorConfig } from '../../lib/config/schema.ts';
import { log } from './log.ts';
import type { Monitor } from './monitor.ts';

/** Lambda returns 6 MB at most. Some of it is kept free for the status and the headers. */
const BODY_BYTES = 6 * 1024 * 1024 - 32 * 1024;
/** What is not compressed takes longer to send than to compress, and the gateway charges its bytes. */
const TEXT_BYTES = 4 * 1024 * 1024;
/**
 * Enough for a week of checks, two of them a minute. Each page is a Query of some 100 ms, and the read function stops
 * after 10 s.
 */
const EXPORT_PAGES = 20;

/** What an HTTP API sends: payload format 2.0. */
type HttpEvent = Extract<LambdaEvent, { rawPath: string }>;

export type HttpHandler = (event: HttpEvent, context: LambdaContext) => Promise<unknown>;

/**
 * Loads Node's Request, Response and Headers, which it does at their first use: 12 ms of CPU. Lambda gives a function more
 * CPU while it starts than while it answers.
 */
void globalThis.Headers;

/** @param options `checker` null: the function only reads. `access` null: API Gateway decides who may call. */
export function httpHandler(
  monitor: Monitor,
  config: MonitorConfig,
  { checker, access }: { checker: HealthChecker | null; access: Access | null },
): HttpHandler {
  const app = createApp({
    store: monitor.store,
    checker,
    declared: config.providers,
    monitor: monitorSettingsOf(config, monitor),
    log,
    proofs: monitor.proofs,
    ...(access && { access }),
    limits: { bodyBytes: BODY_BYTES, textBytes: TEXT_BYTES, exportPages: EXPORT_PAGES },
    addressOf,
  });
  // Every answer is text; only a compressed one goes in base64.
  const answer = handle(app, { isContentTypeBinary: () => false });
  return (event: HttpEvent, context: LambdaContext) => answer(withoutStrayBody(event), context);
}

/**
 * Handles a request with the configuration in force. When the table cannot say which one that is, answers with a
 * problem document.
 */
export function handlerInForce(current: () => Promise<HttpHandler>, log: Log): HttpHandler {
  return async (event, context) => {
    let handle: HttpHandler;
    try {
      handle = await current();
    } catch (cause) {
      const requestId = randomUUID();
      log.error('request not answered: the configuration in force is not known', {
        requestId,
        error: messageOf(cause),
      });
      const answer = problemResponse(problemOf(cause, new Date()), requestId);
      applyHeaders(answer.headers, requestId);
      return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
    }
    return handle(event, context);
  };
}

/** The caller's address as API Gateway saw it, so that no caller can forge it. */
function addressOf(env: unknown): string {
  return (env as { event: HttpEvent }).event.requestContext.http.sourceIp;
}

/** Drops the body of a GET request: the constructor of `Request` throws for one. */
function withoutStrayBody(event: HttpEvent): HttpEvent {
  return ['GET', 'HEAD'].includes(event.requestContext.http.method) ? { ...event, body: null } : event;
}
