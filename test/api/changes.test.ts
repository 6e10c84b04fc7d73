import { describe, expect, it } from 'vitest';
import { parseProvider } from '../../lib/config/parse.ts';
import { at, goodCheck, healthyStatus, provider, START } from '../support/builders.ts';
import { bad, hanging } from '../support/scripted-prober.ts';
import { json, type TestApi, testApi } from './support.ts';

const post = { method: 'POST' };

describe('POST /v1/providers/{id}/check', () => {
  it('checks now and answers with the result', async () => {
    const { request, prober } = await testApi({ declared: [provider()] });
    const { status, body } = await request('/v1/providers/alpha/check', post);
    expect(status).toBe(200);
    expect(body).toMatchObject({ provider: 'alpha', trigger: 'manual', isHealthy: true, timestamp: START });
    expect(prober.ids).toEqual(['alpha']);
  });

  it('answers 200 with a failed check: the request worked, the provider did not', async () => {
    const { request, prober } = await testApi({ declared: [provider()] });
    prober.script('alpha', bad('auth'));
    const { status, body } = await request('/v1/providers/alpha/check', post);
    expect(status).toBe(200);
    expect(body).toMatchObject({ isHealthy: false, category: 'auth', fault: 'ours' });
  });

  it('refuses a second within 10 s, with Retry-After and the last result (A2)', async () => {
    const { request, clock, prober } = await testApi({ declared: [provider()] });
    await request('/v1/providers/alpha/check', post);
    clock.set(at(4000));
    const { status, headers, body } = await request('/v1/providers/alpha/check', post);
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('6');
    expect(body).toMatchObject({
      code: 'too_many_checks',
      retryAfterSeconds: 6,
      ageMs: 4000,
      lastCheck: { provider: 'alpha', timestamp: START },
    });
    expect(prober.probed).toHaveLength(1);
  });

  it('answers 404 for an unknown id and probes nothing', async () => {
    const { request, prober } = await testApi({ declared: [provider()] });
    const { status, body } = await request('/v1/providers/alfa/check', post);
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'unknown_provider', detail: expect.stringContaining('alfa') });
    expect(prober.probed).toEqual([]);
  });

  it('answers 504 when there is no result after 25 s (A2)', async () => {
    const { request, clock, prober } = await testApi({ declared: [provider()] });
    prober.script('alpha', hanging());
    const answer = request('/v1/providers/alpha/check', post);
    await clock.untilSleeping();
    await clock.advance(25_000);
    expect(await answer).toMatchObject({ status: 504, body: { code: 'unfinished' } });
  });
});

describe('POST /v1/check', () => {
  it('checks every enabled provider', async () => {
    const declared = [provider(), provider({ id: 'beta' }), provider({ id: 'off', enabled: false })];
    const { request } = await testApi({ declared });
    expect((await request('/v1/check', post)).body).toMatchObject({
      checks: [{ provider: 'alpha' }, { provider: 'beta' }],
    });
  });

  it('refuses a second within 10 s (A2)', async () => {
    const { request } = await testApi({ declared: [provider()] });
    await request('/v1/check', post);
    const { status, headers, body } = await request('/v1/check', post);
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('10');
    expect(body).toMatchObject({ lastCheck: null, ageMs: null });
  });
});

describe('PUT and DELETE /v1/providers/{id}', () => {
  it('registers, changes and removes', async () => {
    const { request } = await testApi();
    const put = (model: string) => request('/v1/providers/beta', json({ type: 'openai', model }));
    expect(await put('one')).toMatchObject({ status: 201, body: { provider: 'beta', state: 'unknown', model: 'one' } });
    expect(await put('two')).toMatchObject({ status: 200, body: { provider: 'beta', model: 'two' } });
    expect((await request('/v1/providers/beta')).status).toBe(200);
    expect((await request('/v1/providers/beta', { method: 'DELETE' })).status).toBe(204);
    expect((await request('/v1/providers/beta')).status).toBe(404);
    expect((await request('/v1/providers/beta', { method: 'DELETE' })).status).toBe(404);
  });

  it('takes an id in the body that is the one of the path', async () => {
    const { request } = await testApi();
    expect((await request('/v1/providers/beta', json({ id: 'beta', type: 'openai' }))).status).toBe(201);
  });

  it('refuses another id in the body', async () => {
    const { request, calls } = await testApi();
    const { status, body } = await request('/v1/providers/beta', json({ id: 'gamma', type: 'openai' }));
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ field: 'id' }] });
    expect(calls).toEqual([]);
  });

  it.each(['PUT', 'DELETE'])('%s answers 409 for a provider that comes with the deployment', async (method) => {
    const { request } = await testApi({ declared: [provider()], statuses: [healthyStatus()] });
    const { status, body } = await request(
      '/v1/providers/alpha',
      method === 'PUT' ? json({ type: 'openai' }) : { method },
    );
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'declared_provider', detail: expect.stringContaining('providers.json') });
    expect((await request('/v1/providers/alpha')).status).toBe(200);
  });

  it('names every mistake of the settings by its field, and repeats no key (A1, K1)', async () => {
    const { request, calls } = await testApi({
      parseProvider: (input) => parseProvider(input, { addressPolicy: 'public' }),
    });
    const settings = { type: 'openai', apiKey: 'sk-literal-0123456789', intervalSeconds: 0, colour: 'red' };
    const { status, body, text } = await request('/v1/providers/beta', json(settings));
    expect(status).toBe(400);
    const { errors } = body as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual(['apiKey', 'colour', 'intervalSeconds']);
    expect(text).not.toContain('literal-0123');
    expect(calls).toEqual(['registrations.get']);
  });

  it('refuses an address that is not public (K3)', async () => {
    const { request } = await testApi({ parseProvider: (input) => parseProvider(input, { addressPolicy: 'public' }) });
    const settings = { type: 'vllm', model: 'm', baseUrl: 'https://169.254.169.254/v1' };
    const { status, body } = await request('/v1/providers/beta', json(settings));
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ field: 'baseUrl' }] });
  });
});

describe('an app without a checker', () => {
  it.each([
    ['POST', '/v1/providers/alpha/check', 404],
    ['POST', '/v1/check', 404],
    ['PUT', '/v1/providers/alpha', 405],
    ['DELETE', '/v1/providers/alpha', 405],
  ])('has no %s %s: %i', async (method, path, expected) => {
    const { request, calls } = await testApi({ checker: null, statuses: [healthyStatus({}, goodCheck())] });
    const { status, headers } = await request(path, method === 'PUT' ? json({ type: 'openai' }) : { method });
    expect(status).toBe(expected);
    expect(headers.get('allow')).toBe(expected === 405 ? 'GET, HEAD' : null);
    expect(calls).toEqual([]);
  });

  it('still describes them, since another function of the same API serves them', async () => {
    const open = await testApi();
    const readOnly = await testApi({ checker: null });
    const described = async ({ request }: TestApi) => (await request('/v1/openapi.json')).body;
    expect(await described(readOnly)).toEqual(await described(open));
  });
});
