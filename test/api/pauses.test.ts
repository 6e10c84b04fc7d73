import { describe, expect, it } from 'vitest';
import { at, healthyStatus, minute, provider } from '../support/builders.ts';
import { json, testApi } from './support.ts';

const DELETE = { method: 'DELETE' };
const KEY = 'sk-proj-abcdefghijklmnopqrstuvwxyz123456';

describe.each([
  ['maintenance', 'maintenanceUntil', 'maintenanceReason'],
  ['drain', 'drainUntil', 'drainReason'],
] as const)('PUT and DELETE /v1/providers/{id}/%s', (kind, until, reason) => {
  const path = `/v1/providers/alpha/${kind}`;

  it('begins a pause of some minutes, shows it on the status, and ends it', async () => {
    const { request } = await testApi({ declared: [provider()], statuses: [healthyStatus()] });
    const begun = await request(path, json({ minutes: 90, reason: 'moving to a new key' }));
    expect(begun).toMatchObject({
      status: 200,
      body: { [until]: minute(90), [reason]: 'moving to a new key', state: 'healthy' },
    });
    expect((await request('/v1/providers/alpha')).body).toMatchObject({ [until]: minute(90) });
    expect(await request(path, DELETE)).toMatchObject({ status: 200, body: { [until]: null, [reason]: null } });
    expect((await request('/v1/providers/alpha')).body).toMatchObject({ [until]: null, [reason]: null });
  });

  it('takes a time instead, in any zone', async () => {
    const { request } = await testApi({ declared: [provider()], statuses: [healthyStatus()] });
    const { body } = await request(path, json({ until: '2026-03-01T12:30:00+02:00' }));
    expect(body).toMatchObject({ [until]: minute(30), [reason]: null });
  });

  it('pauses a declared provider that was not checked yet', async () => {
    const { request } = await testApi({ declared: [provider()] });
    const { status, body } = await request(path, json({ minutes: 5 }));
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'unknown', [until]: minute(5) } });
  });

  it('answers 404 for an unknown id', async () => {
    const { request } = await testApi();
    for (const init of [json({ minutes: 5 }), DELETE]) {
      expect(await request(path, init)).toMatchObject({ status: 404, body: { code: 'unknown_provider' } });
    }
  });

  it.each([
    ['nothing', {}, 'minutes', 'got neither'],
    ['both', { minutes: 1, until: minute(1) }, 'minutes', 'got both'],
    ['no minutes', { minutes: 0 }, 'minutes', 'from 1 to 43200'],
    ['half a minute', { minutes: 0.5 }, 'minutes', 'from 1 to 43200'],
    ['too many minutes', { minutes: 43_201 }, 'minutes', 'from 1 to 43200'],
    ['a time that is over', { until: at(-1) }, 'until', 'a time in the future'],
    ['a time too far away', { until: '2026-04-01T10:00:00Z' }, 'until', 'at most 30 days away'],
    ['no time', { until: 'tomorrow' }, 'until', 'an ISO 8601 time'],
    ['a long reason', { minutes: 5, reason: 'x'.repeat(81) }, 'reason', 'at most 80 characters'],
    ['a key as the reason', { minutes: 5, reason: `moving from ${KEY}` }, 'reason', 'expected a text without a key'],
    ['an unknown field', { minute: 5 }, 'minute', 'unknown field; expected one of minutes, until, reason'],
  ])('refuses %s, by the name of the field (A1)', async (_, body, field, message) => {
    const { request } = await testApi({ declared: [provider()], statuses: [healthyStatus()] });
    const answer = await request(path, json(body));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field, message: expect.stringContaining(message) }] });
    expect((await request('/v1/providers/alpha')).body).toMatchObject({ [until]: null });
  });
});

describe('a drained provider', () => {
  it('is not selected until its time is over', async () => {
    const statuses = [healthyStatus(), healthyStatus({ id: 'beta' })];
    const { request, clock } = await testApi({ declared: [provider(), provider({ id: 'beta' })], statuses });
    await request('/v1/providers/alpha/drain', json({ minutes: 2 }));
    const ranked = async () =>
      ((await request('/v1/select')).body as { ranked: { provider: string }[] }).ranked.map((one) => one.provider);
    expect(await ranked()).toEqual(['beta']);
    clock.set(minute(2));
    expect(await ranked()).toEqual(['alpha', 'beta']);
  });
});

describe('POST /v1/alerts/test', () => {
  it('says what each channel answered', async () => {
    const { request } = await testApi();
    expect(await request('/v1/alerts/test', { method: 'POST' })).toMatchObject({
      status: 200,
      body: { channels: [{ channel: 'team', type: 'slack', outcome: 'delivered', answer: 'HTTP 200: ok' }] },
    });
  });
});
