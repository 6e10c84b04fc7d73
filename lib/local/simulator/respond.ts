/** Sends the decided answer to one request, after the decided time. Not here: the answers (api/). */

import type { ServerResponse } from 'node:http';
import type { AnswerContext, ApiAnswer, ApiStream, Reading, SimulatedApi } from './api/api.ts';
import type { Act } from './behaviour.ts';

/** Resolves after the time, or rejects when the signal aborts. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<unknown>;

export interface Performance {
  act: Act;
  asked: Reading;
  api: SimulatedApi;
  models: readonly string[];
  context: AnswerContext;
}

/** When the parts of a stream are sent, as shares of the response time. */
const OPENING_AT = 0.5;
const TOKEN_AT = 0.8;

const PAGE = '<!doctype html><html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n';

/** @throws When the signal aborts, because the caller has gone. */
export async function respond(
  response: ServerResponse,
  { act, asked, api, models, context }: Performance,
  delay: Delay,
  signal: AbortSignal,
): Promise<void> {
  switch (act.kind) {
    case 'hangs':
      return;
    case 'drops':
      response.destroy();
      return;
    case 'html':
      await delay(act.latencyMs, signal);
      send(response, { statusCode: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PAGE });
      return;
    case 'fails': {
      const { retryAfterSeconds } = act;
      await delay(act.latencyMs, signal);
      send(response, api.failure(act.failure, { ...context, retryAfterSeconds, reason: null }));
      return;
    }
    case 'answers':
      if (asked.asks === 'completion' && asked.stream) {
        await stream(response, api.stream(asked, context), (share) => delay(act.latencyMs * share, signal));
        return;
      }
      await delay(act.latencyMs, signal);
      send(response, answerTo(asked, { api, models, context }));
      return;
    default: {
      const never: never = act;
      return never;
    }
  }
}

function answerTo(
  asked: Reading,
  { api, models, context }: Pick<Performance, 'api' | 'models' | 'context'>,
): ApiAnswer {
  switch (asked.asks) {
    case 'completion':
      return api.completion(asked, context);
    case 'models':
      return api.models(models, context);
    case 'nothing':
      return api.failure(asked.failure, { ...context, retryAfterSeconds: null, reason: asked.reason });
    default: {
      const never: never = asked;
      return never;
    }
  }
}

export function send(response: ServerResponse, answer: ApiAnswer): void {
  response.writeHead(answer.statusCode, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
}

/** @param wait Waits for a share of the whole latency, 0 to 1. */
async function stream(
  response: ServerResponse,
  { headers, opening, token, closing }: ApiStream,
  wait: (share: number) => Promise<unknown>,
): Promise<void> {
  await wait(OPENING_AT);
  response.writeHead(200, headers);
  response.flushHeaders();
  if (opening !== '') response.write(opening);
  await wait(TOKEN_AT - OPENING_AT);
  response.write(token);
  await wait(1 - TOKEN_AT);
  response.end(closing);
}
