import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderConfig, TokenAuth } from '../../../lib/health/provider.ts';
import { createKeyResolver } from '../../../lib/keys/keys.ts';
import type { Prober } from '../../../lib/probe/prober.ts';
import { ENCODINGS, leaksOf } from '../../promises/leaks.ts';
import { GOOD } from '../../support/servers/misbehaviours.ts';
import { answer, type Behaviour, type Peer, startPeer } from '../../support/servers/peer.ts';
import { targetOf, testProber } from '../../support/servers/probing.ts';
import { startProxy } from '../../support/servers/proxy.ts';
import {
  CLIENT,
  SERVICE_ACCOUNT,
  SERVICE_ACCOUNT_FILE,
  startTokenEndpoint,
  type TokenEndpoint,
  wantsToken,
} from '../../support/servers/token-endpoint.ts';

const GENERATED = answer(
  JSON.stringify({
    candidates: [{ content: { parts: [{ text: 'ok' }], role: 'model' }, finishReason: 'MAX_TOKENS' }],
    usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 1 },
  }),
);
const MINUTE = 60_000;
const START = Date.parse('2026-03-01T10:00:00Z');

let time: number;
let env: Record<string, string>;
let endpoint: TokenEndpoint;
let vertex: Peer;
let azure: Peer;
let prober: Prober;

beforeEach(async () => {
  time = START;
  env = { FILE: SERVICE_ACCOUNT_FILE, SECRET: CLIENT.secret };
  const now = () => time;
  endpoint = await startTokenEndpoint(now);
  vertex = await startPeer(wantsToken(endpoint, GENERATED));
  azure = await startPeer(wantsToken(endpoint, answer(GOOD)));
  prober = testProber({ keys: createKeyResolver({ env, now }), now });
});

afterEach(async () => {
  await prober.close();
  await Promise.all([endpoint.close(), vertex.close(), azure.close()]);
});

const google = (): TokenAuth => ({ type: 'google-service-account', key: 'env:FILE', tokenUrl: endpoint.url });
const entra = (): TokenAuth => ({
  type: 'entra-client',
  clientId: CLIENT.id,
  clientSecret: 'env:SECRET',
  scope: 'https://cognitiveservices.azure.com/.default',
  tokenUrl: endpoint.url,
});

const ofVertex = (settings: Partial<ProviderConfig> = {}) =>
  targetOf(vertex, {
    type: 'vertex',
    model: 'gemini-3.5-flash-lite',
    baseUrl: `${vertex.origin}/v1/projects/p/locations/global/publishers/google`,
    apiKey: null,
    auth: google(),
    ...settings,
  });
const ofAzure = (settings: Partial<ProviderConfig> = {}) =>
  targetOf(azure, { type: 'azure', model: 'deployment', apiKey: null, auth: entra(), ...settings });

const KINDS = [
  ['a Google service account', ofVertex],
  ['a client of Entra ID', ofAzure],
] as const;

describe.each(KINDS)('tokens of %s', (_kind, target) => {
  it('are accepted by the provider', async () => {
    expect(await prober.probe(target())).toMatchObject({ isHealthy: true, errorMessage: null });
  });

  it('are requested once for all providers of the credential, at the same time and later', async () => {
    const four = [target({ id: 'a' }), target({ id: 'b' }), target({ id: 'c' }), target({ id: 'd' })];
    const outcomes = await Promise.all(prober.probeAll(four));
    expect(outcomes.map((outcome) => outcome?.isHealthy)).toEqual([true, true, true, true]);
    time += 50 * MINUTE;
    expect(await prober.probe(target())).toMatchObject({ isHealthy: true });
    expect(endpoint.asked).toHaveLength(1);
  });

  it('are renewed before they expire', async () => {
    await prober.probe(target());
    for (let minute = 0; minute < 130; minute++) {
      time += MINUTE;
      expect(await prober.probe(target())).toMatchObject({ isHealthy: true });
    }
    expect(endpoint.asked).toHaveLength(3);
  });

  it('are used until they expire while the endpoint gives no new one', async () => {
    await prober.probe(target());
    endpoint.instead = (socket) => void socket.end(answer('down', {}, '503 Unavailable'));
    time += 59 * MINUTE;
    expect(await prober.probe(target())).toMatchObject({ isHealthy: true });
    expect(endpoint.asked).toHaveLength(2);
    expect(await prober.probe(target())).toMatchObject({ isHealthy: true });
    expect(endpoint.asked).toHaveLength(2);
    time += MINUTE;
    expect(await prober.probe(target())).toMatchObject({ category: 'auth', fault: 'ours' });
  });

  it('are requested again when the provider refuses one', async () => {
    await prober.probe(target());
    endpoint.revokeAll();
    expect(await prober.probe(target())).toMatchObject({ category: 'auth', fault: 'ours', statusCode: 401 });
    expect(await prober.probe(target())).toMatchObject({ isHealthy: true });
  });

  it('are requested again when the clock was set back', async () => {
    await prober.probe(target());
    time -= 24 * 60 * MINUTE;
    expect(await prober.probe(target())).toMatchObject({ isHealthy: true });
    expect(endpoint.asked).toHaveLength(2);
  });

  it('are not part of the measured time', async () => {
    const delayMs = 300;
    const truth = endpoint.instead;
    endpoint.instead = (socket, request) => {
      setTimeout(() => {
        endpoint.instead = truth;
        socket.emit('data', Buffer.from(request, 'latin1'));
      }, delayMs);
    };
    const startedAt = performance.now();
    const outcome = await prober.probe(target());
    const lastedMs = performance.now() - startedAt;
    expect(outcome).toMatchObject({ isHealthy: true });
    // A timer may end a millisecond early.
    expect(outcome?.timings.totalMs).toBeLessThan(lastedMs - delayMs + 2);
    expect(outcome?.responseTimeMs).toBeLessThan(lastedMs - delayMs + 2);
  });

  it('leave no socket open', async () => {
    await prober.probe(target());
    await prober.close();
    await Promise.all([vertex.idle(), azure.idle()]);
  });
});

describe.each(KINDS)('a token endpoint for %s that', (_kind, target) => {
  const withEndpoint = async (behave: Behaviour) => {
    endpoint.instead = behave;
    const outcome = await prober.probe(target());
    expect([...vertex.requests, ...azure.requests]).toEqual([]);
    return outcome;
  };
  const refuses = (body: string, status: string) => withEndpoint((socket) => void socket.end(answer(body, {}, status)));

  it.each([
    [
      'refuses',
      '{"error":"invalid_grant","error_description":"account disabled"}',
      '400 Bad Request',
      '400, invalid_grant: account disabled',
    ],
    ['is overloaded', '', '503 Unavailable', '503'],
    ['answers with a page', '<h1>Sign in</h1>', '200 OK', '200'],
    ['gives a token that no header can carry', '{"access_token":"a\\r\\nb"}', '200 OK', '200'],
    ['redirects', '', '302 Found', '302'],
  ])('%s is auth, ours, in its own words', async (_what, body, status, words) => {
    const outcome = await refuses(body, status);
    expect(outcome).toMatchObject({ category: 'auth', fault: 'ours', statusCode: null, tokens: null });
    expect(outcome?.errorMessage).toBe(
      `the token endpoint ${new URL(endpoint.url).host} gave no token: status ${words}. Check the credentials in auth, and that the network lets the monitor reach the token endpoint.`,
    );
  });

  it('breaks the connection is a failure of the network, and ours, so that the tick asks its witnesses', async () => {
    const outcome = await withEndpoint((socket) => void socket.destroy());
    expect(outcome).toMatchObject({ category: 'connect', fault: 'ours', statusCode: null });
    // The reset may come before the request is written.
    expect(outcome?.errorMessage).toMatch(
      /^no token, since the token endpoint was not reached: (localhost:\d+ closed the connection|the connection to localhost)/,
    );
  });

  it('never answers is a timeout, and ours', async () => {
    endpoint.instead = () => {};
    const outcome = await prober.probe(target({ timeoutSeconds: 0.2 }));
    expect(outcome).toMatchObject({ category: 'timeout', fault: 'ours' });
    expect(outcome?.errorMessage).toMatch(/^no token came from the token endpoint localhost:\d+ within 0.2 s/);
  });

  it('is not reached by the proxy is a failure of the network, and ours', async () => {
    const proxy = await startProxy({ status: 502 });
    const behind = testProber({
      keys: createKeyResolver({ env }),
      addressPolicy: 'public',
      proxies: { https: proxy.url, http: proxy.url, except: [] },
    });
    const auth = { ...target().config.auth, tokenUrl: 'https://login.wild.test/token' } as TokenAuth;
    const outcome = await behind.probe(target({ baseUrl: 'https://llm.wild.test/v1', auth }));
    await behind.close();
    expect(proxy.asked).toEqual(['login.wild.test:443']);
    await proxy.close();
    expect(outcome).toMatchObject({ category: 'connect', fault: 'ours', statusCode: null });
    expect(outcome?.errorMessage).toContain('no token, since the token endpoint was not reached');
  });

  it('refuses is not asked again by each of many providers, but by the next tick', async () => {
    endpoint.instead = (socket) => void socket.end(answer('{"error":"invalid_client"}', {}, '401 Unauthorized'));
    await Promise.all(prober.probeAll([target({ id: 'a' }), target({ id: 'b' })]));
    await prober.probe(target({ id: 'c' }));
    expect(endpoint.asked).toHaveLength(1);
    endpoint.instead = null;
    time += 10_000;
    expect(await prober.probe(target())).toMatchObject({ isHealthy: true });
  });

  it('is at an address that the policy refuses gets nothing', async () => {
    const strict = testProber({ keys: createKeyResolver({ env }), addressPolicy: 'public' });
    const outcome = await strict.probe(target({ baseUrl: 'https://llm.example.com/v1' }));
    await strict.close();
    expect(outcome).toMatchObject({ category: 'config', fault: 'ours' });
    expect(outcome?.errorMessage).toMatch(/^auth.tokenUrl: expected https/);
    expect(endpoint.asked).toEqual([]);
  });
});

describe('a secret that changes', () => {
  it('is used when the key resolver has it, and the old token is not', async () => {
    await prober.probe(ofAzure());
    env.SECRET = 'withdrawn-and-replaced-by-another';
    time += 6 * MINUTE;
    expect(await prober.probe(ofAzure())).toMatchObject({ category: 'auth', fault: 'ours' });
    env.SECRET = CLIENT.secret;
    time += 6 * MINUTE;
    expect(await prober.probe(ofAzure())).toMatchObject({ isHealthy: true });
  });
});

describe('a file that is no key of a service account', () => {
  const { private_key } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }) as unknown as { private_key: string };

  it.each([
    ['no JSON', 'secret', 'expected a JSON object, got another text. Put the whole file there'],
    [
      'another kind of file',
      JSON.stringify({ type: 'authorized_user' }),
      'expected a JSON file with "type": "service_account"',
    ],
    [
      'without an account',
      JSON.stringify({ ...SERVICE_ACCOUNT, client_email: '' }),
      'expected a JSON file with "client_email"',
    ],
    ['without a key', JSON.stringify({ ...SERVICE_ACCOUNT, private_key: 'MIIE' }), 'with an RSA key as "private_key"'],
    [
      'with a key of another kind',
      JSON.stringify({ ...SERVICE_ACCOUNT, private_key }),
      'with an RSA key as "private_key"',
    ],
    ['too long', JSON.stringify({ filler: 'x'.repeat(20_000) }), 'expected a JSON object of at most 16384 characters'],
  ])('because it is %s is config, ours, and named', async (_why, FILE, expected) => {
    env.FILE = FILE;
    const outcome = await prober.probe(ofVertex());
    expect(outcome).toMatchObject({ category: 'config', fault: 'ours' });
    expect(outcome?.errorMessage).toContain('env:FILE: ');
    expect(outcome?.errorMessage).toContain(expected);
    expect(endpoint.asked).toEqual([]);
  });

  it('may lie in a field of another document, as a text or as it is', async () => {
    for (const key of [SERVICE_ACCOUNT_FILE, SERVICE_ACCOUNT]) {
      const ssm = { read: async () => JSON.stringify({ key }), close: () => {} };
      const own = testProber({ keys: createKeyResolver({ ssm }), now: () => time });
      const auth = { ...google(), key: 'secret:google#key' } as TokenAuth;
      expect(await own.probe(ofVertex({ auth }))).toMatchObject({ isHealthy: true });
      await own.close();
    }
  });
});

describe('K1: nothing of a credential is shown', () => {
  const lines = SERVICE_ACCOUNT.private_key.split('\n').slice(1, -2);

  it.each(Object.entries(ENCODINGS))('of a client secret, %s, by the token endpoint', async (_how, encode) => {
    endpoint.instead = (socket) =>
      void socket.end(answer(JSON.stringify({ error: 'no', error_description: encode(CLIENT.secret) }), {}, '401 No'));
    const outcome = await prober.probe(ofAzure());
    expect(outcome).toMatchObject({ category: 'auth' });
    expect(leaksOf(CLIENT.secret, JSON.stringify(outcome))).toEqual([]);
  });

  // All are hidden by the same code, so for a key, which is long, some of them suffice.
  const some = Object.entries(ENCODINGS).filter((_, index) => index % 4 === 0);

  it.each(some)('of a private key, %s, by the token endpoint', async (_how, encode) => {
    for (const said of [lines.slice(0, 2).join('\n'), JSON.stringify(lines.slice(3, 5).join('\n')), lines[7] ?? '']) {
      endpoint.instead = (socket) =>
        void socket.end(answer(JSON.stringify({ error_description: encode(said) }), {}, '400 Bad Request'));
      const outcome = await prober.probe(ofVertex());
      time += 10_000;
      expect(outcome).toMatchObject({ category: 'auth' });
      for (const line of lines) expect(leaksOf(line, JSON.stringify(outcome), 4)).toEqual([]);
    }
  });

  it('of an assertion, by the token endpoint', async () => {
    let assertion = '';
    endpoint.instead = (socket, request) => {
      assertion = new URLSearchParams(request.split('\r\n\r\n')[1]).get('assertion') ?? '';
      socket.end(
        answer(JSON.stringify({ error: assertion, error_description: assertion.split('.')[2] }), {}, '400 No'),
      );
    };
    const outcome = await prober.probe(ofVertex());
    expect(assertion).not.toBe('');
    expect(leaksOf(assertion, JSON.stringify(outcome), 8)).toEqual([]);
  });

  it.each(some)('of a token, %s, by the provider', async (_how, encode) => {
    let token = '';
    const echo = await startPeer((socket, request) => {
      token = /bearer (\S+)/i.exec(request)?.[1] ?? '';
      socket.end(answer(JSON.stringify({ error: { message: encode(token.slice(0, 60)) } }), {}, '500 No'));
    });
    const outcome = await prober.probe(ofAzure({ baseUrl: echo.origin }));
    await echo.close();
    expect(token).toMatch(/^ya29/);
    expect(leaksOf(token, JSON.stringify(outcome), 4)).toEqual([]);
  });
});
