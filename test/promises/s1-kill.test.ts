/**
 * S1: a monitor is killed again and again, at random moments and right after a status was written. Its table is in this
 * process and stays. After the next start, all transitions in the statuses are recorded and announced.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { incidentsOf } from '../../lib/health/alerting/incident.ts';
import type { Transition } from '../../lib/health/transition.ts';
import { seededRandom } from '../../lib/local/simulator/random.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { statusFromItem } from '../../lib/store/items/status-item.ts';
import { type Fault, type FaultyTable, startFaultyTable } from '../store/dynamo/faulty-table.ts';
import { type ChannelServer, startChannelServer } from '../support/channel-server.ts';
import { type Bundled, bundled } from '../support/life/bundled.ts';
import type { LifeSettings } from '../support/life/program.ts';
import { startTable, type TestTable } from '../support/table.ts';

const KILLS = Number(process.env.KILLS ?? 5);
/** The same each time, except where more kills are asked for. */
const SEED = Number(process.env.KILL_SEED ?? (process.env.KILLS === undefined ? 42 : Date.now() % 1_000_000));
/** Checks after which each provider's answer changes; null: it works, and takes as long as its timeout allows. */
const FLIPS: Record<string, number | null> = { alpha: 1, beta: 2, gamma: 3, slow: null };
const SLOW_MS = 150;
/** A limit that only catches a hang. */
const PATIENT = { timeout: 20_000 };
/** Longer ago than all runs of the monitor last together, so that nothing is in the future. */
const START = new Date(Date.now() - 30 * 86_400_000).toISOString();

let program: Bundled;
let table: TestTable;
let proxy: FaultyTable;
let webhook: ChannelServer;
let providers: Server;

/** Every transition that the table stored with a status, in order. */
const truth: Transition[] = [];
/** Called when the table has stored a transition, before the monitor gets the answer. */
let onTaken: () => void = () => {};

const watch: Fault = async (call) => {
  const item = unmarshall(call.body.Item as Parameters<typeof unmarshall>[0]);
  const answer = await call.forward();
  if (item.pk === 'STATUS' && item.notice === 'transition' && answer.status === 200) {
    const { lastTransition } = statusFromItem(item);
    if (lastTransition) truth.push(lastTransition);
    onTaken();
  }
  call.reply(answer);
};

function startProviders(): Promise<Server> {
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const id = request.url?.split('/')[1] ?? '';
    const count = asked.get(id) ?? 0;
    asked.set(id, count + 1);
    const every = FLIPS[id] ?? null;
    const isUp = every === null || Math.floor(count / every) % 2 === 0;
    const message = { role: 'assistant', content: 'ok' };
    const body = isUp
      ? { id: 'x', object: 'chat.completion', model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }] }
      : { error: { message: 'Incorrect API key', type: 'invalid_request_error', code: 'invalid_api_key' } };
    request.resume().on('end', () => {
      setTimeout(
        () => response.writeHead(isUp ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        every === null ? SLOW_MS : 0,
      );
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

beforeAll(async () => {
  program = bundled(new URL('../support/life/program.ts', import.meta.url).pathname);
  [table, webhook, providers] = await Promise.all([startTable(), startChannelServer(), startProviders()]);
  proxy = await startFaultyTable(table.endpoint);
  proxy.failAlways('PutItem', watch);
});
afterAll(async () => {
  for (const { child } of lives) child.kill('SIGKILL');
  await Promise.all(lives.map(({ ended }) => ended));
  program?.remove();
  providers?.closeAllConnections();
  providers?.close();
  await Promise.all([proxy?.close(), table?.close(), webhook?.close()]);
});

const lives: Life[] = [];

interface Life {
  child: ChildProcess;
  ended: Promise<unknown>;
  output: () => string;
  lastTick: () => number;
}

function startLife(firstTick: number): Life {
  const { port } = providers.address() as AddressInfo;
  const settings: LifeSettings = {
    endpoint: proxy.endpoint,
    tableName: table.tableName,
    start: START,
    firstTick,
    config: {
      providers: Object.keys(FLIPS).map((id) => ({
        id,
        type: 'openai-compatible',
        model: 'm',
        baseUrl: `http://127.0.0.1:${port}/${id}/v1`,
        blacklistAfter: 100,
      })),
      witnesses: [],
      alerts: { remindAfterMinutes: null, channels: [{ type: 'webhook', url: `${webhook.url}/hook` }] },
    },
  };
  const child = spawn(process.execPath, ['--no-warnings', program.file, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const life: Life = {
    child,
    ended: once(child, 'close'),
    output: () => output,
    lastTick: () => Math.max(firstTick, ...[...output.matchAll(/^tick (\d+)$/gm)].map(([, tick]) => Number(tick))),
  };
  lives.push(life);
  return life;
}

const alertIds = () =>
  webhook.received.flatMap(({ body }) => (body.alerts as { id: string; at: string }[]).map(({ id }) => id));

/** The alerts about a transition: a refused key at once, and its end. */
const alertOf = ({ id, from, to }: Transition) =>
  to === 'unhealthy' ? [`${id}/opened`] : from === 'unhealthy' ? [`${id}/recovered`] : [];

it(`S1: no transition and no alert is lost by ${KILLS} kills (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  let tick = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const life = startLife(tick);
    // Half of the kills are at the worst moment: the status is written, and the monitor has not got the answer.
    const isWorst = kill % 2 === 0;
    let countdown = 2 + Math.floor(random() * 4);
    await new Promise<void>((resolve) => {
      onTaken = () => {
        countdown -= 1;
        if (countdown === 0) setTimeout(resolve, isWorst ? 0 : random() * 2 * SLOW_MS);
        if (countdown === 0 && isWorst) life.child.kill('SIGKILL');
      };
      void life.ended.then(() => resolve());
    });
    onTaken = () => {};
    life.child.kill('SIGKILL');
    await life.ended;
    tick = life.lastTick() + 1;
  }
  const last = startLife(tick);
  await expect.poll(() => last.lastTick() > tick + 1, PATIENT).toBe(true);
  last.child.kill('SIGTERM');
  await last.ended;
  // When this process stops, alerts of its own may stay unsent; it has sent those of the others.
  const owed = truth.flatMap(alertOf);
  const missing = () => owed.filter((id) => !alertIds().includes(id));
  const afterwards = startLife(last.lastTick() + 1);
  await expect
    .poll(missing, PATIENT)
    .toEqual([])
    .catch(() => {});
  afterwards.child.kill('SIGTERM');
  await afterwards.ended;

  const store = createDynamoStore({ tableName: table.tableName, client: table.client });
  const { items } = await store.transitions.page(null, { from: START, to: new Date().toISOString(), limit: 1000 });
  const recorded = new Set(items.map(({ id }) => id));
  const oldestFirst = [...items].reverse();
  const ids = alertIds();
  const figures = {
    transitions: truth.length,
    notRecorded: truth.filter(({ id }) => !recorded.has(id)).length,
    alerts: owed.length,
    notSent: missing().length,
    sentTwice: ids.length - new Set(ids).size,
    openIncidents: incidentsOf(oldestFirst).filter(({ closedAt }) => closedAt === null).length,
    providersDown: [...new Map(truth.map(({ provider, to }) => [provider, to])).values()].filter(
      (to) => to === 'unhealthy',
    ).length,
  };
  if (process.env.FIGURES) console.log(JSON.stringify(figures));

  expect(truth.length).toBeGreaterThan(KILLS);
  expect(figures, last.output()).toMatchObject({ notRecorded: 0, notSent: 0, openIncidents: figures.providersDown });
  // After a crash between a channel's answer and the note of it in the table the alert is sent again: at most one
  // message for each kill.
  expect(figures.sentTwice).toBeLessThanOrEqual(3 * KILLS);
  for (const provider of Object.keys(FLIPS)) {
    const own = oldestFirst.filter((transition) => transition.provider === provider);
    own.forEach((transition, index) => {
      const before = own[index - 1];
      if (!before) return;
      expect(before.to).toBe(transition.from);
      expect(Date.parse(before.at)).toBe(Date.parse(transition.at) - transition.lastedMs);
    });
  }
});
