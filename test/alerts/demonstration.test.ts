/**
 * The whole way, from providers that misbehave to what each service behind a channel receives: real probes of simulated
 * providers, the real tick, rules, outbox and channels, and a fake server of every kind. One tick a minute.
 */

import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/alerts/notice.ts';
import { createOutbox, type Outbox } from '../../lib/alerts/outbox/outbox.ts';
import { silentLog } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { ALERT_DEFAULTS, CHANNEL_TYPES, type ChannelType } from '../../lib/health/alerting/alert-settings.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import type { Behaviour } from '../../lib/local/simulator/behaviour.ts';
import { FLEET } from '../../lib/local/simulator/fleet.ts';
import { type Simulator, startSimulator } from '../../lib/local/simulator/simulator.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { type AlertServices, startAlertServices } from '../support/alert-services.ts';
import { minute } from '../support/builders.ts';
import type { Received } from '../support/channel-server.ts';
import { FakeClock } from '../support/clock.ts';

const FAST = { medianMs: 1, sigma: 0 };
const WELL: Behaviour = { kind: 'answers', latency: FAST };
const fails = (failure: 'server_error' | 'auth'): Behaviour => ({
  kind: 'fails',
  failure,
  latency: FAST,
  retryAfterSeconds: null,
});
const CUT: Behaviour = { kind: 'drops' };

const IDS = ['openai', 'claude', 'glm', 'gemini', 'cohere'] as const;

let clock: FakeClock;
let services: AlertServices;
let simulator: Simulator;
let checker: HealthChecker;
let outbox: Outbox;
/** The notices of a tick come one by one; the stream and the background outbox deliver them together. */
let gathered: Notice[] = [];
let witness: Server;
let tick = 0;

beforeAll(async () => {
  clock = new FakeClock();
  services = await startAlertServices(clock.now);
  const fleet = FLEET.filter(({ id }) => IDS.includes(id as (typeof IDS)[number])).map((one) => ({
    ...one,
    behaviour: WELL,
  }));
  simulator = await startSimulator({ now: clock.now, random: () => 0.5, delay: async () => {}, fleet });
  witness = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => witness.listen(0, '127.0.0.1', resolve));

  const config = parseConfig({ providers: simulator.providers }, { addressPolicy: 'loopback' });
  const store = createMemoryStore({ now: clock.now });
  const channels = CHANNEL_TYPES.map((type) => services.channel(type));
  outbox = createOutbox({ store, channels, settings: ALERT_DEFAULTS, clock, log: silentLog, random: () => 0.5 });
  checker = new HealthChecker({
    config: { ...config, witnesses: [`127.0.0.1:${(witness.address() as AddressInfo).port}`] },
    store,
    addressPolicy: 'loopback',
    keys: createKeyResolver({ env: simulator.env }),
    clock,
    onNotices: async (notices) => void gathered.push(...notices),
  });
});

afterAll(async () => {
  await checker.stopHealthChecks();
  await simulator.close();
  await services.close();
  witness.close();
});

/** Runs ticks, one a minute, while some providers misbehave. */
async function ticks(count: number, behaviours: Partial<Record<(typeof IDS)[number], Behaviour>> = {}): Promise<void> {
  for (const id of IDS) simulator.set(id, behaviours[id] ?? WELL);
  for (let done = 0; done < count; done++) {
    clock.set(minute(tick));
    const running = checker.runTick(new Date(minute(tick)), { owner: `tick ${tick}`, deadlineAt: null });
    // A failed probe of a provider that worked is confirmed a second later.
    await clock.drive(running);
    expect(await outbox.handle(gathered)).toEqual(new Set());
    gathered = [];
    tick += 1;
  }
}

/** The text that a person reads first, for each kind of service; for an event bus, that of each event. */
const TITLES_OF: Record<ChannelType, (request: Received) => string[]> = {
  webhook: ({ body }) => [String(body.title)],
  slack: ({ body }) => [String(body.text)],
  discord: ({ body }) =>
    (body.embeds as { title: string }[]).map(({ title }) => title.replace(/^[A-Z ]+? {2}/, '').replaceAll('\\', '')),
  teams: ({ body }) =>
    (body.attachments as { content: { fallbackText: string } }[]).map(({ content }) => content.fallbackText),
  pagerduty: ({ body }) => [
    body.event_action === 'resolve' ? `resolve ${body.dedup_key}` : (body.payload as { summary: string }).summary,
  ],
  sns: ({ text }) => [(new URLSearchParams(text).get('Subject') ?? '').replace(/^\[[A-Z ]+\] /, '')],
  eventbridge: ({ body }) => (body.Entries as { Detail: string }[]).map(({ Detail }) => JSON.parse(Detail).title),
};

/** The messages since the last call, in order. */
function receivedBy(type: ChannelType): string[] {
  return services.servers[type].received.splice(0).flatMap(TITLES_OF[type]);
}

/**
 * All channels get the same text, except those with a form of their own: PagerDuty gets only the key of a problem that
 * has ended.
 */
function expectSent(titles: readonly string[], others: Partial<Record<ChannelType, readonly string[]>> = {}): void {
  for (const type of CHANNEL_TYPES) expect({ [type]: receivedBy(type) }).toEqual({ [type]: others[type] ?? titles });
}

describe('a day of a monitor', () => {
  it('sends nothing about providers that work, nor about one failed check', async () => {
    await ticks(31);
    await ticks(1, { glm: fails('server_error') });
    await ticks(8);
    expectSent([]);
  });

  it('announces an outage once, and its end with how long it lasted', async () => {
    await ticks(12, { glm: fails('server_error') });
    expectSent(['glm is down: server_error']);
    await ticks(40);
    // From the first failed check to the second good one, with which a blacklisting ends.
    expectSent(['glm works again after 13 min'], { pagerduty: [`resolve ${minute(40)}#glm`] });
  });

  it('announces a wrong key at once, as ours to fix, and never as an outage', async () => {
    await ticks(3, { claude: fails('auth') });
    const [request] = services.servers.webhook.received;
    expect(request?.body).toMatchObject({ alerts: [{ problem: 'action_needed', severity: 'error', fault: 'ours' }] });
    expectSent(['claude needs action: auth']);
    await ticks(40);
    expectSent(['claude works again after 4 min'], { pagerduty: [`resolve ${minute(92)}#claude`] });
  });

  it('announces a flapping provider once, and then only that it has kept its state', async () => {
    for (let round = 0; round < 8; round++) {
      await ticks(1, { cohere: fails('server_error') });
      await ticks(1);
    }
    expectSent(['cohere is flapping']);
    await ticks(28);
    expectSent([]);
    await ticks(5);
    expectSent(['cohere is stable again'], { pagerduty: [expect.stringMatching(/^resolve .*#cohere$/)] });
  });

  it('announces three that fail together in one message, and each that comes back', async () => {
    const down = fails('server_error');
    await ticks(5, { openai: down, gemini: down, glm: down });
    expectSent(['3 providers are down: gemini, glm and openai'], {
      eventbridge: ['gemini', 'glm', 'openai'].map((id) => `${id} is down: server_error`),
    });
    await ticks(3, { openai: down });
    const after = ['gemini works again after 6 min', 'glm works again after 6 min'];
    expectSent(after, { pagerduty: [] });
    await ticks(5);
    expectSent(['openai works again after 9 min'], { pagerduty: [expect.stringMatching(/^resolve .*#group$/)] });
  });

  it("announces a failure of its own network as the monitor's, not as an outage of a provider", async () => {
    await new Promise((resolve) => witness.close(resolve));
    const cut = Object.fromEntries(IDS.map((id) => [id, CUT]));
    await ticks(4, cut);
    expectSent(["The monitor's own network fails"]);
    await ticks(1);
    expectSent(["The monitor's own network works again after 4 min"], {
      pagerduty: [expect.stringMatching(/^resolve .*#\*$/)],
    });
  });
});
