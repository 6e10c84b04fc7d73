/** Requests to a function that does not know yet which list of providers is in force. */

import { expect, test } from 'vitest';
import { handlerInForce } from '../../functions/shared/http.ts';
import { StoreError } from '../../lib/store/store.ts';
import { httpEvent } from '../support/bundle-events.ts';

type Arguments = Parameters<ReturnType<typeof handlerInForce>>;

const request = [httpEvent('GET', '/v1/summary'), {}] as unknown as Arguments;

test('a request is answered 503 while the table does not say which list is in force, and the next one asks again', async () => {
  const errors: unknown[] = [];
  const log = { info() {}, warn() {}, error: (message: string) => void errors.push(message) };
  let isBroken = true;
  const handler = handlerInForce(async () => {
    if (isBroken) throw new StoreError('throttled', 'DynamoDB table t: throttled');
    return async () => 'answered';
  }, log);
  const answer = (await handler(...request)) as { statusCode: number; headers: object; body: string };
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5', 'cache-control': 'no-store' } });
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'store_unavailable', requestId: expect.any(String) });
  expect(answer.body).not.toContain('table t');
  expect(errors).toHaveLength(1);
  isBroken = false;
  expect(await handler(...request)).toBe('answered');
});
