/** The password door, as the app that it guards answers. */

import { describe, expect, test } from 'vitest';
import { createPasswordGuard } from '../../../lib/api/access/password.ts';
import type { Password } from '../../../lib/config/access.ts';
import { KeyError } from '../../../lib/keys/error.ts';
import { Secret } from '../../../lib/keys/secret.ts';
import { healthyStatus } from '../../support/builders.ts';
import { testApi } from '../support.ts';

const READER = 'reader-secret-1';
const SECOND = 'reader-secret-2';
const OPERATOR = 'operator: with a colon';

const PASSWORDS: readonly Password[] = [
  { name: 'prometheus', role: 'reader', reference: 'ssm:/read' },
  { name: 'old', role: 'reader', reference: 'ssm:/old' },
  { name: 'on-call', role: 'operator', reference: 'ssm:/operate' },
];

const basic = (password: string, user = 'any-user') => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

async function guarded() {
  const stored = new Map([
    ['ssm:/read', READER],
    ['ssm:/old', SECOND],
    ['ssm:/operate', OPERATOR],
  ]);
  let nowMs = 0;
  let address = '203.0.113.7';
  const lines: string[] = [];
  const write = (...line: unknown[]) => void lines.push(JSON.stringify(line));
  const access = createPasswordGuard({
    passwords: PASSWORDS,
    resolve: async (reference) => {
      const text = stored.get(reference);
      if (text === undefined) throw new KeyError(`${reference}: there is no such parameter`);
      return new Secret(text);
    },
    log: { info: write, warn: write, error: write },
    now: () => nowMs,
  });
  const api = await testApi({ statuses: [healthyStatus()], access, addressOf: () => address });
  const send = (authorization: string | null, method = 'GET', headers: Record<string, string> = {}) =>
    api.request(method === 'GET' ? '/v1/summary' : '/v1/check', {
      method,
      headers: { ...(authorization !== null && { authorization }), ...headers },
    });
  return {
    api,
    stored,
    lines,
    send,
    wait: (ms: number) => {
      nowMs += ms;
    },
    from: (next: string) => {
      address = next;
    },
  };
}

describe('the password door', () => {
  test('asks a browser for a password', async () => {
    const { send, api } = await guarded();
    const { status, headers, body } = await send(null);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Basic realm="Provider Health", charset="UTF-8"');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ code: 'unauthenticated' });
    expect(api.calls).toEqual([]);
  });

  test.each([
    ['Basic', basic(READER)],
    ['Basic with another user name', basic(READER, 'prometheus')],
    ['Bearer', `Bearer ${READER}`],
    ['a second secret', `Bearer ${SECOND}`],
    ['a secret with a colon', basic(OPERATOR)],
  ])('accepts %s', async (_, authorization) => {
    const { send } = await guarded();
    expect((await send(authorization)).status).toBe(200);
  });

  test.each([
    ['a wrong password', basic('wrong-password-1')],
    ['an empty one', basic('')],
    ['one that begins like the right one', basic(READER.slice(0, -1))],
    ['one that is longer than the right one', basic(`${READER}1`)],
    ['the user name in its place', basic('', READER)],
  ])('refuses %s', async (_, authorization) => {
    const { send } = await guarded();
    expect((await send(authorization)).status).toBe(401);
  });

  test('guards every route, those that do not exist too', async () => {
    const { api } = await guarded();
    for (const path of [
      '/',
      '/metrics',
      '/healthz',
      '/badge/openai.svg',
      '/feed.atom',
      '/assets/page.js',
      '/nothing',
    ]) {
      expect((await api.raw(path)).status, path).toBe(401);
    }
  });

  test('lets an operator change, and a reader not', async () => {
    const { send } = await guarded();
    expect((await send(basic(OPERATOR), 'POST')).status).toBe(200);
    expect(await send(basic(READER), 'POST')).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
  });

  test('no longer accepts a secret that was removed, and logs that once', async () => {
    const { send, stored, lines } = await guarded();
    expect((await send(basic(SECOND))).status).toBe(200);
    stored.delete('ssm:/old');
    const refused = await send(basic(SECOND));
    expect(refused).toMatchObject({ status: 503, body: { code: 'access_unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('5');
    await send(basic(SECOND));
    expect((await send(basic(READER))).status).toBe(200);
    expect(lines.filter((line) => line.includes('password unreadable'))).toHaveLength(1);
  });

  test('takes a new secret, and not the one before it', async () => {
    const { send, stored } = await guarded();
    expect((await send(basic(READER))).status).toBe(200);
    stored.set('ssm:/read', 'another-secret-1');
    expect((await send(basic('another-secret-1'))).status).toBe(200);
    expect((await send(basic(READER))).status).toBe(401);
  });

  test('refuses a secret that is too short to be one', async () => {
    const { send, stored, lines } = await guarded();
    stored.set('ssm:/read', 'short');
    expect((await send(basic('short'))).status).toBe(503);
    expect(lines.join()).toContain('ssm:/read: expected a password of at least 12 characters, got 5');
  });

  test('writes no password into its log', async () => {
    const { send, lines } = await guarded();
    for (let i = 0; i < 12; i++) await send(basic('wrong-password-1'));
    await send(basic(READER));
    expect(lines.join()).toContain('too many wrong passwords');
    expect(lines.join()).not.toMatch(/wrong-password|secret-|operator:/);
  });
});

describe('the password door › a guesser', () => {
  async function guess(send: (authorization: string) => Promise<{ status: number }>, times: number) {
    const statuses: number[] = [];
    for (let i = 0; i < times; i++) statuses.push((await send(basic(`guess-number-${i}`))).status);
    return statuses;
  }

  test('is blocked after ten wrong passwords, also with the right one', async () => {
    const { send } = await guarded();
    expect(await guess(send, 11)).toEqual([...Array(10).fill(401), 429]);
    const blocked = await send(basic(READER));
    expect(blocked).toMatchObject({ status: 429, body: { code: 'too_many_attempts', retryAfterSeconds: 60 } });
  });

  test('is blocked also with the right one while others use it elsewhere', async () => {
    const { send, from } = await guarded();
    expect((await send(basic(READER))).status).toBe(200);
    from('203.0.113.8');
    await guess(send, 10);
    expect((await send(basic(READER))).status).toBe(429);
  });

  test('may try again after a minute', async () => {
    const { send, wait } = await guarded();
    await guess(send, 10);
    wait(60_000);
    expect((await send(basic(READER))).status).toBe(200);
  });

  test('blocks no caller at another address, and none at its own whose password was right before', async () => {
    const { send, from } = await guarded();
    expect((await send(basic(READER))).status).toBe(200);
    await guess(send, 10);
    expect((await send(basic(READER))).status).toBe(200);
    expect((await send(basic(SECOND))).status).toBe(429);
    from('203.0.113.8');
    expect((await send(basic(SECOND))).status).toBe(200);
  });
});

describe('the password door › a page of another site', () => {
  test.each([
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    [{ 'sec-fetch-site': 'same-site', origin: 'https://sub.localhost' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://localhost.evil.example' }],
  ])('changes nothing with the password of a browser: %j', async (headers) => {
    const { send } = await guarded();
    expect(await send(basic(OPERATOR), 'POST', headers)).toMatchObject({ status: 403, body: { code: 'cross_site' } });
  });

  test.each([
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://localhost' }],
    [{ origin: 'http://localhost' }],
    [{}],
  ])('is distinguished from our own page and from programs: %j', async (headers) => {
    const { send } = await guarded();
    expect((await send(basic(OPERATOR), 'POST', headers)).status).toBe(200);
  });
});

describe('the page behind the password door', () => {
  const page = async (password: string) => {
    const { api } = await guarded();
    return api.request('/providers/alpha', { headers: { authorization: basic(password) } });
  };

  test('offers checks to an operator alone', async () => {
    expect((await page(OPERATOR)).text).toContain('Check now');
    expect((await page(READER)).text).not.toContain('Check now');
    // Everyone who sees the page has given the password.
    expect((await page(READER)).text).not.toContain('Sign in');
  });

  test('is kept by the browser, and by no cache on the way', async () => {
    expect((await page(READER)).headers.get('cache-control')).toMatch(/^private, max-age=/);
  });
});
