/** The doors in a real browser: what it asks for by itself, what it then sends, and what it does not let other sites do. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Access } from '../../lib/api/access/caller.ts';
import { createDoor } from '../../lib/api/access/door.ts';
import { createOidc } from '../../lib/api/access/oidc.ts';
import { createPasswordGuard } from '../../lib/api/access/password.ts';
import type { Checker } from '../../lib/api/api.ts';
import { createApp } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import { setPause } from '../../lib/checker/fleet/pause.ts';
import { Secret } from '../../lib/keys/secret.ts';
import { healthyStatus, provider } from '../support/builders.ts';
import { checkContext } from '../support/check-context.ts';
import { CLIENT, startIssuer, type TestIssuer } from '../support/servers/oidc-issuer.ts';
import { chromiumPath, launch } from './chromium.ts';

const executable = chromiumPath();

const SECRETS: Readonly<Record<string, string>> = {
  'env:READ': 'password-of-a-reader',
  'env:OPERATE': 'password: of an operator',
  'env:CLIENT': CLIENT.secret,
  'env:COOKIE': 'a-random-text-that-signs-cookies',
};
const resolve = async (reference: string) => new Secret(SECRETS[reference] ?? '');

describe.skipIf(executable === null)('a browser at the door', () => {
  let browser: Awaited<ReturnType<typeof launch>>;
  let issuer: TestIssuer;
  let server: Server | undefined;
  let context: BrowserContext | undefined;
  let evil: Server;

  beforeAll(async () => {
    [browser, issuer] = await Promise.all([launch(executable ?? ''), startIssuer()]);
    evil = createServer((request, response) => {
      const target = new URL(request.url ?? '/', 'http://evil').searchParams.get('target') ?? '';
      response
        .setHeader('content-type', 'text/html')
        .end(`<form method="post" action="${target}"><button>Win</button></form>`);
    }).listen(0, '127.0.0.1');
  });

  afterEach(async () => {
    await context?.close();
    server?.closeAllConnections();
    server?.close();
  });

  afterAll(async () => {
    await browser?.close();
    await issuer?.close();
    evil?.close();
  });

  const passwords = createPasswordGuard({
    passwords: [
      { name: 'reader', role: 'reader', reference: 'env:READ' },
      { name: 'on-call', role: 'operator', reference: 'env:OPERATE' },
    ],
    resolve,
    log: silentLog,
  });

  const people = () =>
    createOidc({
      settings: {
        issuer: issuer.url,
        clientId: CLIENT.id,
        clientSecret: 'env:CLIENT',
        cookieSecret: 'env:COOKIE',
        scopes: [],
        groupsClaim: 'groups',
        readerGroups: ['staff'],
        operatorGroups: ['sre'],
      },
      publicUrl: null,
      resolve,
      log: silentLog,
      isRequired: true,
    });

  /** A monitor with one healthy provider behind a door; its paths by `url`, and the methods of changes that came through. */
  async function open(access: Access): Promise<{ url: string; changes: string[] }> {
    const checks = checkContext([provider()]);
    await checks.store.statuses.put(healthyStatus(), null, null);
    const changes: string[] = [];
    const checker: Partial<Checker> = {
      setDrain: (id, pause) => setPause(checks, id, 'drain', pause),
      setMaintenance: (id, pause) => setPause(checks, id, 'maintenance', pause),
    };
    const app = createApp({
      store: checks.store,
      checker: checker as Checker,
      declared: [provider()],
      monitor: { tickSeconds: 60, shards: ['0'] },
      log: silentLog,
      now: checks.clock.now,
      access,
    });
    const listener = getRequestListener(async (request) => {
      const response = await app.fetch(request);
      if (request.method !== 'GET')
        changes.push(`${request.method} ${new URL(request.url).pathname} ${response.status}`);
      return response;
    });
    // Without the local monitor's own admission, which would refuse other sites before the door does.
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, changes };
  }

  async function visit(url: string, httpCredentials?: { username: string; password: string }) {
    context = await browser.newContext(httpCredentials ? { httpCredentials } : {});
    const page = await context.newPage();
    const response = await page.goto(url);
    return { page, status: response?.status() };
  }

  it('shows nothing without a password, and the page with one', async () => {
    const { url } = await open(createDoor({ guard: passwords, oidc: null, publicReads: false }));
    // The browser asks for a password, which no person is there to type.
    await expect(visit(`${url}/`)).rejects.toThrow('ERR_INVALID_AUTH_CREDENTIALS');
    await context?.close();
    const { page, status } = await visit(`${url}/`, { username: 'anna', password: 'password-of-a-reader' });
    expect(status).toBe(200);
    expect(await page.textContent('h1')).toContain('healthy');
    await page.goto(`${url}/providers/alpha`);
    expect(await page.locator('#drain').count()).toBe(0);
  });

  it('lets an operator drain a provider from the page, and end it', async () => {
    const { url, changes } = await open(createDoor({ guard: passwords, oidc: null, publicReads: false }));
    const { page } = await visit(`${url}/providers/alpha`, { username: 'anna', password: 'password: of an operator' });
    await page.click('#drain');
    await page.locator('#drain', { hasText: 'End drain' }).waitFor();
    expect(await page.textContent('#checked')).toBe('Begun.');
    await page.click('#drain');
    await page.locator('#drain', { hasText: /^Drain$/ }).waitFor();
    await page.selectOption('#pause-minutes', '15');
    await page.click('#maintenance');
    await page.locator('#maintenance', { hasText: 'End maintenance' }).waitFor();
    expect(changes).toEqual([
      'PUT /v1/providers/alpha/drain 200',
      'DELETE /v1/providers/alpha/drain 200',
      'PUT /v1/providers/alpha/maintenance 200',
    ]);
  });

  it('leads a person to the issuer and back, and gives up the session of one who signs out', async () => {
    issuer.person = { sub: 'bob', groups: ['sre'] };
    const { url, changes } = await open(createDoor({ guard: null, oidc: people(), publicReads: false }));
    const { page, status } = await visit(`${url}/providers/alpha`);
    expect([status, page.url()]).toEqual([200, `${url}/providers/alpha`]);
    await page.click('#drain');
    await page.locator('#drain', { hasText: 'End drain' }).waitFor();
    expect(changes).toEqual(['PUT /v1/providers/alpha/drain 200']);
    await page.goto(`${url}/sign-out`);
    const left = await context?.request.get(`${url}/v1/summary`);
    expect(left?.status()).toBe(401);
  });

  it('says so to a person without a group that may read', async () => {
    issuer.person = { sub: 'eve', groups: ['strangers'] };
    const { url } = await open(createDoor({ guard: null, oidc: people(), publicReads: false }));
    const { page, status } = await visit(`${url}/`);
    expect(status).toBe(403);
    expect(await page.textContent('body')).toContain('Expected a person in one of the groups staff');
  });

  describe('whose operator visits a page of another site', () => {
    async function attack(url: string, httpCredentials?: { username: string; password: string }): Promise<void> {
      const { page } = await visit(`${url}/`, httpCredentials);
      const { port } = evil.address() as AddressInfo;
      await page.goto(`http://localhost:${port}/?target=${encodeURIComponent(`${url}/v1/providers/alpha/check`)}`);
      const sent = page.waitForResponse((response) => response.request().method() === 'POST');
      await Promise.all([sent, page.click('button')]);
    }

    it('sends the password with its form, and changes nothing', async () => {
      const { url, changes } = await open(createDoor({ guard: passwords, oidc: null, publicReads: false }));
      await attack(url, { username: 'anna', password: 'password: of an operator' });
      expect(changes.at(-1)).toBe('POST /v1/providers/alpha/check 403');
    });

    it('keeps the session to itself', async () => {
      issuer.person = { sub: 'bob', groups: ['sre'] };
      const { url, changes } = await open(createDoor({ guard: passwords, oidc: people(), publicReads: false }));
      await attack(url);
      expect(changes).toEqual(['POST /v1/providers/alpha/check 401']);
    });
  });
});
