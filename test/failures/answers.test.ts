/** Every answer case through a real server and the real prober. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeOutcome } from '../../lib/health/check.ts';
import type { Prober } from '../../lib/probe/prober.ts';
import { KEY, targetOf, testProber } from '../support/servers/probing.ts';
import { ANSWERS, type AnswerCase, headersOf } from './cases/cases.ts';

let server: Server;
let prober: Prober;
let current: AnswerCase;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const { status, body } = current;
      response.writeHead(status, { 'content-type': 'application/json', ...headersOf(current) });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  prober = testProber();
});

afterAll(async () => {
  await prober.close();
  await new Promise((resolve) => server.close(resolve));
});

async function probe(one: AnswerCase): Promise<ProbeOutcome> {
  current = one;
  const { port } = server.address() as AddressInfo;
  const { type, model } = one;
  const target = targetOf({ origin: `http://localhost:${port}` }, { type, model }, one.probe);
  return (await prober.probe(target)) as ProbeOutcome;
}

describe('an answer from the wild', () => {
  it.each(ANSWERS.map((one) => [one.id, one] as const))('is judged rightly: %s', async (_, one) => {
    const outcome = await probe(one);
    const { healthy = false, category, fault, message, retryAfterMs } = one.expect;
    expect(outcome).toMatchObject({ isHealthy: healthy });
    if (healthy) return;
    expect(category).toContain(outcome.category);
    if (fault) expect(outcome.fault).toBe(fault);
    if (message) expect(outcome.errorMessage).toMatch(new RegExp(message.replace(/^\/|\/$/g, '')));
    expect(outcome.errorMessage?.length).toBeLessThanOrEqual(300);
    expect(outcome.errorMessage).not.toContain(KEY.slice(0, 12));
    const [from, to] = retryAfterMs ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (retryAfterMs) expect(outcome.retryAfterMs).toBeGreaterThanOrEqual(from);
    if (retryAfterMs) expect(outcome.retryAfterMs).toBeLessThanOrEqual(to);
  });

  it.each([
    [
      'JSON in metadata.raw',
      (key: string) => ({ error: { message: 'x', metadata: { raw: `{"error":{"message":"bad ${key}"}}` } } }),
    ],
    [
      'JSON behind a name',
      (key: string) => ({ error: { message: `AnthropicException - {"error":{"message":"bad ${key}"}}` } }),
    ],
    [
      'what Python prints',
      (key: string) => ({ error: { message: `Error code: 401 - {'error': {'message': 'bad ${key}', 'code': 'c'}}` } }),
    ],
    [
      'a name of who wrote it',
      (key: string) => ({ error: { message: 'x', metadata: { provider_name: key, raw: 'bad' } } }),
    ],
    ['a code', (key: string) => ({ error: { message: 'x', code: key } })],
    [
      'base64 in JSON in JSON',
      (key: string) => ({
        error: { message: JSON.stringify({ error: { message: Buffer.from(`Bearer ${key}`).toString('base64') } }) },
      }),
    ],
  ])('shows no key that is echoed in %s', async (_, body) => {
    const echo = {
      id: 'echo',
      type: 'litellm',
      model: 'm',
      probe: 'completion',
      status: 400,
      headers: {},
      expect: {},
    } as const;
    const outcome = await probe({ ...echo, body: body(KEY) });
    expect(outcome.isHealthy).toBe(false);
    expect(outcome.errorMessage).toContain('***');
    expect(outcome.errorMessage).not.toContain(KEY.slice(0, 12));
  });

  it('has an id of its own', () => {
    expect(new Set(ANSWERS.map(({ id }) => id)).size).toBe(ANSWERS.length);
  });
});
