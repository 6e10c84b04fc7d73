/** People who sign in: through a real issuer, with a browser's cookies. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDoor } from '../../../lib/api/access/door.ts';
import { callerOf, createOidc, safePath } from '../../../lib/api/access/oidc.ts';
import { createPasswordGuard } from '../../../lib/api/access/password.ts';
import type { OidcSettings } from '../../../lib/config/access.ts';
import { KeyError } from '../../../lib/keys/error.ts';
import { Secret } from '../../../lib/keys/secret.ts';
import { CLIENT, startIssuer, type TestIssuer } from '../../support/servers/oidc-issuer.ts';
import { testApi } from '../support.ts';

const ORIGIN = 'https://health.example.com';
const PASSWORD = 'password-of-prometheus';
const PAGE = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());
beforeEach(() => {
  issuer.mistake = null;
  issuer.exchanges.length = 0;
  issuer.person = { sub: 'anna', email: 'anna@example.com', groups: ['staff'] };
});

/** A monitor whose people sign in, and a browser that keeps its cookies. */
async function opened(changes: Partial<OidcSettings> = {}, publicReads = false) {
  const stored = new Map([
    ['ssm:/client', CLIENT.secret],
    ['ssm:/cookie', 'a-random-text-that-signs-cookies'],
    ['ssm:/prometheus', PASSWORD],
  ]);
  let nowMs = Date.now();
  const lines: string[] = [];
  const write = (...line: unknown[]) => void lines.push(JSON.stringify(line));
  const log = { info: write, warn: write, error: write };
  const resolve = async (reference: string) => {
    const text = stored.get(reference);
    if (text === undefined) throw new KeyError(`${reference}: there is no such parameter`);
    return new Secret(text);
  };
  const settings: OidcSettings = {
    issuer: issuer.url,
    clientId: CLIENT.id,
    clientSecret: 'ssm:/client',
    cookieSecret: 'ssm:/cookie',
    scopes: ['profile', 'email'],
    groupsClaim: 'groups',
    readerGroups: null,
    operatorGroups: ['sre'],
    ...changes,
  };
  const access = createDoor({
    guard: createPasswordGuard({
      passwords: [{ name: 'prometheus', role: 'reader', reference: 'ssm:/prometheus' }],
      resolve,
      log,
    }),
    oidc: createOidc({ settings, publicUrl: null, resolve, log, isRequired: !publicReads, now: () => nowMs }),
    publicReads,
  });
  const api = await testApi({ access });
  const cookies = new Map<string, string>();
  const send = async (path: string, init: { method?: string; headers?: Record<string, string> } = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...init.headers, ...(cookie !== '' && { cookie }) };
    const response = await api.raw(new URL(path, ORIGIN).href, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  /** To the issuer and back. */
  const signIn = async (to = '/') => {
    const away = await send(`/sign-in?to=${encodeURIComponent(to)}`);
    const back = await fetch(away.headers.get('location') ?? '', { redirect: 'manual' });
    return { away, back: back.headers.get('location') ?? '', done: await send(back.headers.get('location') ?? '') };
  };
  return {
    send,
    signIn,
    cookies,
    stored,
    lines,
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('a person who signs in', () => {
  test('is redirected from the page to the issuer, and back to the page', async () => {
    const { send, signIn } = await opened();
    const first = await send('/providers/alpha?x=1', { headers: PAGE });
    expect([first.status, first.headers.get('location')]).toEqual([302, '/sign-in?to=%2Fproviders%2Falpha%3Fx%3D1']);
    const { away, done } = await signIn('/providers/alpha?x=1');
    const target = new URL(away.headers.get('location') ?? '');
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      client_id: CLIENT.id,
      response_type: 'code',
      scope: 'openid profile email',
      redirect_uri: `${ORIGIN}/sign-in/done`,
      code_challenge_method: 'S256',
    });
    expect([done.status, done.headers.get('location')]).toEqual([302, '/providers/alpha?x=1']);
    expect((await send('/', { headers: PAGE })).status).toBe(200);
  });

  test('has a cookie that no script, no other host and no request of another site gets', async () => {
    const { signIn } = await opened();
    const { done } = await signIn();
    const cookie = done.headers.getSetCookie().find((line) => line.startsWith('__Host-session='));
    expect(cookie).toMatch(/; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=28800$/);
  });

  test('reads, and changes only as a member of the group of operators', async () => {
    const { send, signIn } = await opened();
    await signIn();
    expect((await send('/v1/check', { method: 'POST' })).status).toBe(403);
    issuer.person = { sub: 'bob', groups: ['staff', 'sre'] };
    await signIn();
    expect((await send('/v1/check', { method: 'POST' })).status).toBe(200);
  });

  test('changes nothing from a page of another site', async () => {
    issuer.person = { sub: 'bob', groups: ['sre'] };
    const { send, signIn } = await opened();
    await signIn();
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await send('/v1/check', { method: 'POST', headers })).status).toBe(403);
  });

  test('is refused when none of their groups may read', async () => {
    const { send, signIn, cookies } = await opened({ readerGroups: ['admins'] });
    const { done } = await signIn();
    expect(done.status).toBe(403);
    expect(await done.text()).toContain('Expected a person in one of the groups admins');
    expect([...cookies.keys()]).not.toContain('__Host-session');
    expect((await send('/v1/summary')).status).toBe(401);
  });

  test('signs out', async () => {
    const { send, signIn } = await opened();
    await signIn();
    expect((await send('/sign-out')).status).toBe(200);
    expect((await send('/v1/summary')).status).toBe(401);
  });

  test('signs in again after a working day', async () => {
    const { send, signIn, wait } = await opened();
    await signIn();
    wait(8 * 3_600_000 - 1000);
    expect((await send('/v1/summary')).status).toBe(200);
    wait(2000);
    expect((await send('/v1/summary')).status).toBe(401);
  });

  test('is a reader of open pages before, and an operator after', async () => {
    issuer.person = { sub: 'bob', groups: ['sre'] };
    const { send, signIn } = await opened({}, true);
    const page = await send('/', { headers: PAGE });
    expect(page.status).toBe(200);
    // The page says where, relative to itself.
    expect(await page.text()).toContain('<a href="sign-in" rel="nofollow">Sign in</a>');
    expect((await send('/v1/check', { method: 'POST' })).status).toBe(401);
    await signIn();
    expect((await send('/v1/check', { method: 'POST' })).status).toBe(200);
  });
});

describe('a program beside people who sign in', () => {
  test('comes in by its password', async () => {
    const { send } = await opened();
    const authorization = `Basic ${Buffer.from(`prometheus:${PASSWORD}`).toString('base64')}`;
    expect((await send('/metrics', { headers: { authorization } })).status).toBe(200);
  });

  test("is not redirected to the issuer, and no browser asks for a password because of a page's own requests", async () => {
    const { send } = await opened();
    const byScript: Record<string, string> = { accept: 'text/html', 'sec-fetch-mode': 'cors' };
    for (const headers of [{ accept: 'application/json' }, byScript]) {
      const { status, headers: answered } = await send('/v1/summary', { headers });
      expect([status, answered.get('www-authenticate')]).toEqual([401, 'Bearer realm="Provider Health"']);
    }
  });
});

describe('a cookie', () => {
  const session = '__Host-session';

  test.each<[string, (token: string) => string]>([
    [
      'that was changed',
      (token) => token.replace(/\.[^.]+\./, `.${Buffer.from('{"role":"operator"}').toString('base64url')}.`),
    ],
    ['with another signature', (token) => token.replace(/.{4}$/, 'AAAA')],
    ['that is not signed', (token) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`],
    ['that is nothing', () => 'x'],
  ])('%s opens nothing', async (_, change) => {
    const { send, signIn, cookies } = await opened();
    await signIn();
    cookies.set(session, change(cookies.get(session) ?? ''));
    expect((await send('/v1/summary')).status).toBe(401);
  });

  test('of a sign-in that was begun is no session', async () => {
    const { send, cookies } = await opened();
    await send('/sign-in');
    cookies.set(session, cookies.get('__Host-sign-in') ?? '');
    expect((await send('/v1/summary')).status).toBe(401);
  });

  test('is not accepted after the secret was replaced', async () => {
    const { send, signIn, stored } = await opened();
    await signIn();
    stored.set('ssm:/cookie', 'another-random-text-that-signs');
    expect((await send('/v1/summary')).status).toBe(401);
  });

  test('is refused while its secret cannot be read, and the log says so', async () => {
    const { send, signIn, stored, lines } = await opened();
    await signIn();
    stored.delete('ssm:/cookie');
    const response = await send('/v1/summary');
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([503, 'access_unavailable']);
    expect(lines.join()).toContain('ssm:/cookie: there is no such parameter');
  });
});

describe('a sign-in that fails', () => {
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

  test('at an issuer that is down, is answered and closed; passwords still work', async () => {
    issuer.mistake = 'down';
    const { send, lines } = await opened();
    const response = await send('/sign-in');
    expect([response.status, await codeOf(response)]).toEqual([503, 'access_unavailable']);
    expect(lines.join()).toContain('sign-in failed');
    expect((await send('/metrics', { headers: { authorization: `Bearer ${PASSWORD}` } })).status).toBe(200);
    issuer.mistake = null;
    expect((await send('/sign-in')).status).toBe(302);
  });

  test.each(['nonce', 'key', 'audience', 'no_token'] as const)(
    'by a token with a wrong %s is refused',
    async (mistake) => {
      const { signIn, cookies } = await opened();
      issuer.mistake = mistake;
      const { done } = await signIn();
      expect(done.status).toBe(503);
      expect([...cookies.keys()]).not.toContain('__Host-session');
    },
  );

  test('by a refusal of the issuer says how to begin again', async () => {
    const { signIn } = await opened();
    issuer.mistake = 'denied';
    const { done } = await signIn();
    expect([done.status, await codeOf(done)]).toEqual([401, 'sign_in_failed']);
  });

  test('in another browser than it was begun in, asks the issuer for nothing', async () => {
    const { signIn, send, cookies } = await opened();
    const { back } = await signIn();
    cookies.clear();
    issuer.exchanges.length = 0;
    const response = await send(back);
    expect([response.status, await codeOf(response)]).toEqual([401, 'sign_in_failed']);
    expect(issuer.exchanges).toEqual([]);
  });

  test('with a state that was changed, asks the issuer for nothing', async () => {
    const { send } = await opened();
    await send('/sign-in');
    const response = await send('/sign-in/done?code=stolen&state=another');
    expect([response.status, await codeOf(response)]).toEqual([401, 'sign_in_failed']);
    expect(issuer.exchanges).toEqual([]);
  });

  test('with a client secret that is wrong, repeats it nowhere', async () => {
    const { signIn, stored, lines } = await opened();
    stored.set('ssm:/client', 'not-the-secret-of-the-client');
    const { done } = await signIn();
    expect(done.status).toBe(401);
    expect(lines.join() + (await done.text())).not.toContain('not-the-secret');
  });
});

describe('callerOf', () => {
  const groups = { groupsClaim: 'roles', readerGroups: ['staff'], operatorGroups: ['sre'] };

  test.each([
    [
      { sub: '1', roles: ['staff'] },
      { name: '1', role: 'reader' },
    ],
    [
      { sub: '1', roles: 'staff' },
      { name: '1', role: 'reader' },
    ],
    [
      { sub: '1', email: 'a@b', roles: ['sre'] },
      { name: 'a@b', role: 'operator' },
    ],
    [{ sub: '1', groups: ['staff'] }, null],
    [{ sub: '1', roles: [['staff'], 1, null] }, null],
    [{ sub: '1' }, null],
  ])('%j is %j', (claims, expected) => {
    expect(callerOf(claims, groups)).toEqual(expected);
  });
});

describe('safePath', () => {
  test.each(['/', '/providers/alpha?x=1', '/metrics'])('keeps %s', (path) => expect(safePath(path)).toBe(path));

  test.each([null, 'https://evil.example', '//evil.example', '/\\evil.example', '/a\nb', '/sign-in', '/sign-out', 7])(
    'leads from %j to the overview',
    (path) => expect(safePath(path)).toBe('/'),
  );
});
