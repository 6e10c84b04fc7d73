import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import type { Store } from '../../lib/store/store.ts';
import { FakeClock } from '../support/clock.ts';
import { GOOD } from '../support/servers/misbehaviours.ts';
import { answer, type Peer, startPeer } from '../support/servers/peer.ts';
import { startTable, type TestTable } from '../support/table.ts';

/** Keys in the monitor's environment. No provider names the alert channel's key or `UNNAMED`. */
const ENV = {
  OPENAI_API_KEY: 'Zq8vT1mXw4Lr7PnKc2JdhG5s',
  GATEWAY_TOKEN: 'b7Rk2Yp9Wc4Vn6Xs1Td8Lf3G',
  ALERT_SECRET: 'm3Hj5Uq8Ez1Bx7Ia4Oy6Pw9K',
  LATER: 'c5Nd8Ft2Gv7Hb1Jm4Kq9Lr6S',
  UNNAMED: 'u6Ti2Ro9Ep4Wq8Ay1Sd5Fg3H',
};

let table: TestTable;
let store: Store;
/** The hosts of declared providers, of registered providers, and of the attacker. */
let home: Peer;
let later: Peer;
let attacker: Peer;
let checker: HealthChecker;
let app: ReturnType<typeof createApp>;
const clock = new FakeClock();

const at = (peer: Peer, more: Record<string, unknown> = {}) => ({
  type: 'openai-compatible',
  model: 'm',
  baseUrl: `${peer.origin}/v1`,
  ...more,
});

beforeAll(async () => {
  table = await startTable();
  const { tableName, endpoint } = table;
  store = createDynamoStore({ tableName, endpoint, now: clock.now, requestTimeoutMs: 20_000 });
  const good = () => startPeer((socket) => socket.end(answer(GOOD)));
  [home, later, attacker] = await Promise.all([good(), good(), good()]);
  const config = parseConfig(
    {
      witnesses: [],
      providers: [
        {
          ...at(home, { apiKey: 'env:OPENAI_API_KEY', headers: { 'x-gateway': 'env:GATEWAY_TOKEN' } }),
          id: 'declared',
        },
      ],
      registeredKeys: [{ apiKey: 'env:LATER', hosts: [later.origin] }],
      alerts: { channels: [{ type: 'webhook', url: `${home.origin}/alert`, secret: 'env:ALERT_SECRET' }] },
    },
    { addressPolicy: 'loopback' },
  );
  checker = new HealthChecker({
    config,
    store,
    keys: createKeyResolver({ env: ENV }),
    addressPolicy: 'loopback',
    clock,
    onNotices: async () => {},
  });
  const monitor = { tickSeconds: 60, shards: ['0'] };
  app = createApp({ store, checker, declared: config.providers, monitor, log: silentLog, now: clock.now });
});

afterAll(async () => {
  await checker.stopHealthChecks();
  store.close();
  await Promise.all([home.close(), later.close(), attacker.close(), table.close()]);
});

async function put(id: string, settings: unknown): Promise<{ status: number; text: string }> {
  const response = await app.request(`/v1/providers/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
  return { status: response.status, text: await response.text() };
}

/** For each way to get a key sent: the settings, and the field that the refusal names. */
const ATTACKS: [how: string, settings: () => Record<string, unknown>, field: string][] = [
  ['as apiKey', () => at(attacker, { apiKey: 'env:OPENAI_API_KEY' }), 'apiKey'],
  ['as a header', () => at(attacker, { headers: { 'x-take': 'env:OPENAI_API_KEY' } }), 'headers.x-take'],
  ['in the body', () => at(attacker, { body: { user: ['env:OPENAI_API_KEY'] } }), 'body.user[0]'],
  ['in the path', () => ({ ...at(attacker), baseUrl: `${attacker.origin}/env:OPENAI_API_KEY` }), 'baseUrl'],
  ['of a header of another', () => at(attacker, { apiKey: 'env:GATEWAY_TOKEN' }), 'apiKey'],
  ['of an alert channel', () => at(attacker, { apiKey: 'env:ALERT_SECRET' }), 'apiKey'],
  ['that no provider names', () => at(attacker, { apiKey: 'env:UNNAMED' }), 'apiKey'],
  ['that is not there', () => at(attacker, { apiKey: 'env:NOT_THERE' }), 'apiKey'],
  ['of the list, to another host', () => at(attacker, { apiKey: 'env:LATER' }), 'apiKey'],
  ['of an alert channel, to a declared host', () => at(home, { apiKey: 'env:ALERT_SECRET' }), 'apiKey'],
];

describe('K9: who may register a provider cannot have a key sent to his own host', () => {
  it.each(ATTACKS)('a key %s is refused when it is registered', async (_, settings, field) => {
    const { status, text } = await put('attack', settings());
    expect(status).toBe(400);
    const { errors } = JSON.parse(text);
    // The words are the same for every reference, so they do not show which exist.
    expect(errors).toEqual([
      {
        field,
        message:
          'expected a reference that the configuration names for this host, got another. Declare a provider with both, or add them to "registeredKeys".',
      },
    ]);
    expect(await store.registrations.get('attack')).toBeNull();
  });

  it('a table that others wrote to sends no key either: only those providers fail, by a fault of ours', async () => {
    for (const [index, [, settings]] of ATTACKS.entries()) {
      const id = `attack-${index}`;
      const input = { ...settings(), id };
      await store.registrations.put({ provider: id, input, registeredAt: clock.now().toISOString() });
    }
    expect((await put('allowed', at(home, { apiKey: 'env:OPENAI_API_KEY' }))).status).toBe(201);
    expect((await put('listed', at(later, { apiKey: 'env:LATER' }))).status).toBe(201);
    // The first tick gives the new registrations their status.
    for (let tick = 0; tick < 2; tick++) {
      clock.set(new Date(clock.now().getTime() + 60_000).toISOString());
      await checker.runTick(clock.now(), { owner: 'test', deadlineAt: null });
    }
    for (const [index, [, , field]] of ATTACKS.entries()) {
      const status = await store.statuses.get(`attack-${index}`);
      expect(status?.lastCheck).toMatchObject({
        isHealthy: false,
        category: 'config',
        fault: 'ours',
        statusCode: null,
      });
      expect(status?.lastCheck?.errorMessage).toBe(
        `no request was sent, since ${field} is not a reference that the configuration names for this host. Declare a provider with both, or add them to "registeredKeys"`,
      );
    }
    for (const id of ['declared', 'allowed', 'listed']) {
      expect((await store.statuses.get(id))?.lastCheck).toMatchObject({ provider: id, isHealthy: true });
    }
    expect(attacker.requests).toEqual([]);
    expect(home.requests.join()).toContain(ENV.OPENAI_API_KEY);
    expect(home.requests.join()).not.toContain(ENV.ALERT_SECRET);
    expect(later.requests.join()).toContain(ENV.LATER);
  });

  it('a manual check sends none either', async () => {
    const response = await app.request('/v1/providers/attack-0/check', { method: 'POST' });
    expect(await response.json()).toMatchObject({ category: 'config', fault: 'ours' });
    expect(attacker.requests).toEqual([]);
  });
});

it('a program that registers its own providers, in its own memory, uses its own keys', async () => {
  const own = new HealthChecker({ keys: createKeyResolver({ env: ENV }), addressPolicy: 'loopback' });
  await own.registerProvider(at(later, { id: 'own', apiKey: 'env:UNNAMED' }));
  expect(await own.manualHealthCheck('own')).toMatchObject({ isHealthy: true });
  await own.stopHealthChecks();
});
