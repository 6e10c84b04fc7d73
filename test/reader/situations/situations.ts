/** Twelve situations of a router: the monitor's statuses, what the providers really do, and what the router gets. */

import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';
import type { HealthCheck } from '../../../lib/health/check.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import { failedCheck, goodCheck, provider, statusAfter } from '../../support/builders.ts';
import { answers, type Behaviour, createWorld, fails, IDS, type Id, NOW, timed, type World } from './world.ts';

export interface Outcome {
  /** The providers that were called, in order, or with their shares. */
  asked: string;
  got: string;
  waited: string;
}

export interface Situation {
  title: string;
  play: () => Promise<Outcome>;
}

/**
 * A status after one check a minute, the last `ageMinutes` ago. A number is a good check with this response time in
 * milliseconds.
 */
function status(id: Id, checks: readonly (number | HealthCheck)[], ageMinutes = 0): ProviderStatus {
  const time = (place: number) =>
    new Date(Date.parse(NOW) - (ageMinutes + checks.length - 1 - place) * 60_000 - 5000).toISOString();
  return statusAfter(
    checks.map((check, place) => {
      const timestamp = time(place);
      return typeof check === 'number' ? goodCheck({ responseTimeMs: check, timestamp }) : { ...check, timestamp };
    }),
    provider({ id }),
  );
}

const times = (count: number, ms: number) => Array.from({ length: count }, () => ms);
const bad = (count: number) => Array.from({ length: count }, () => failedCheck('server_error'));
/** The usual response time of each, in milliseconds. */
const USUAL: Record<Id, number> = { openai: 280, claude: 600, glm: 900 };
const well = (id: Id) => status(id, times(20, USUAL[id]));
const down = (id: Id) => status(id, [...times(15, USUAL[id]), ...bad(4)]);
const WELL: Record<Id, Behaviour> = { openai: answers(280), claude: answers(600), glm: answers(900) };

/** One request of a router whose reader has read its table. */
async function request(
  statuses: readonly ProviderStatus[],
  really: Partial<Record<Id, Behaviour>>,
  options: object = {},
): Promise<Outcome> {
  const world = createWorld();
  const reader = world.reader({ statuses });
  await timed(world.clock, reader.warmUp());
  return outcomeOf(world, world.ask(reader, { ...WELL, ...really }, options));
}

async function outcomeOf(world: World, asking: Promise<unknown>, read = async (_: unknown) => ''): Promise<Outcome> {
  const answered = asking.then(
    async (result) => {
      const { provider: id, value } = result as { provider: string; value: unknown };
      const more = await read(value);
      return `${typeof value === 'string' ? value : 'a stream'} of ${id}${more}`;
    },
    (error: { name: string; code?: string; notTried?: string[] }) =>
      `${error.name}: ${error.code}${error.notTried?.length ? `, not tried: ${error.notTried}` : ''}`,
  );
  const end = await timed(world.clock, answered);
  return { asked: world.asked.join(', '), got: end?.value ?? 'nothing', waited: end ? duration(end.ms) : 'for ever' };
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** How often each is picked under `weighted` in 1000 picks. */
async function weightedShares(statuses: readonly ProviderStatus[]): Promise<Outcome> {
  const world = createWorld();
  const reader = world.reader({ statuses });
  await timed(world.clock, reader.warmUp());
  const counts = new Map<string, number>();
  for (let pick = 0; pick < 1000; pick += 1) {
    const { provider: id } = await reader.pick({ strategy: 'weighted' });
    counts.set(String(id), (counts.get(String(id)) ?? 0) + 1);
  }
  const shares = IDS.map((id) => `${id} ${Math.round((counts.get(id) ?? 0) / 10)} %`);
  return { asked: shares.join(', '), got: 'a provider', waited: '0 ms' };
}

const sse = (...parts: object[]) =>
  parts.map(
    (part) =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [part] })}\n\n`,
  );
const TEXT = { index: 0, delta: { role: 'assistant', content: 'Hello' }, finish_reason: null };

/** The AI SDK's result, over a fetch that answers by the fake clock. */
const aiSdk =
  (ms: number, respond: () => Response): Behaviour =>
  async ({ clock, signal }) => {
    const fetch = async () => {
      await clock.sleep(ms);
      return respond();
    };
    const model = createOpenAICompatible({ name: 'p', baseURL: 'https://p.example.com', fetch }).chatModel('m');
    return streamText({ model, prompt: 'hi', abortSignal: signal, maxRetries: 0, onError: () => {} }).fullStream;
  };

const streamed = () =>
  new Response(sse(TEXT, { index: 0, delta: {}, finish_reason: 'stop' }).join(''), {
    headers: { 'content-type': 'text/event-stream' },
  });
const busy = () => new Response('{"error":{"message":"busy"}}', { status: 503 });

/** Two chunks, then silence until the signal aborts. */
const stalls: Behaviour = async ({ clock, signal }) =>
  (async function* () {
    await clock.sleep(280);
    yield 'Hel';
    yield 'lo';
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  })();

/** The outcome of a stream for a caller that reads it to its end. */
async function readAll(value: unknown): Promise<string> {
  let chunks = 0;
  try {
    for await (const part of value as AsyncIterable<{ type?: string }>) {
      chunks += 1;
      if (part.type === 'error') return ', which fails';
    }
    return '';
  } catch (error) {
    return `: ${chunks} chunks, then ${(error as Error).name}`;
  }
}

export const SITUATIONS: readonly Situation[] = [
  { title: 'All work', play: () => request(IDS.map(well), {}) },
  {
    title: 'One is down, and seems down',
    play: () => request([down('openai'), well('claude'), well('glm')], { openai: fails(503, 50) }),
  },
  {
    title: 'Two fail now; the third seems down, but works',
    play: () =>
      request([well('openai'), well('claude'), down('glm')], { openai: fails(503, 50), claude: fails(503, 50) }),
  },
  {
    title: 'All seem down; one of them works again since its last check',
    play: () =>
      request([down('openai'), status('claude', [...times(15, 600), ...bad(4), 600]), down('glm')], {
        openai: fails(503, 50),
        glm: fails(503, 50),
      }),
  },
  {
    title: 'The fastest became slow three checks ago: 2.0 s, usually 0.28 s',
    play: () =>
      request([status('openai', [...times(17, 280), ...times(3, 2000)]), well('claude'), well('glm')], {
        openai: answers(2000),
      }),
  },
  {
    title: 'Recovered with the last check, `weighted`, 1000 requests',
    play: () => weightedShares([status('openai', [...times(15, 600), ...bad(1), 600]), well('claude')]),
  },
  {
    title: 'Rate limited 5 s ago, with a `Retry-After` of 60 s',
    play: () =>
      request(
        [
          status('openai', [...times(19, 280), failedCheck('rate_limited', { retryAfterMs: 60_000 })]),
          well('claude'),
          well('glm'),
        ],
        { openai: fails(429, 50, { 'retry-after': '55' }) },
      ),
  },
  {
    title: 'The monitor stopped ten minutes ago; one provider was down then, and works now',
    play: () =>
      request(
        [
          status('openai', [...times(15, 280), ...bad(4)], 10),
          status('claude', times(20, 600), 10),
          status('glm', times(20, 900), 10),
        ],
        {},
      ),
  },
  {
    title: 'The table was deleted',
    async play() {
      const world = createWorld();
      return outcomeOf(world, world.ask(world.reader({ statuses: [], isGone: true }), WELL));
    },
  },
  {
    title: 'Cold start, the table takes 150 ms, the first in the list is down',
    async play() {
      const world = createWorld();
      const reader = world.reader({ statuses: [down('openai'), well('claude'), well('glm')], takesMs: 150 });
      // A program starts as in the documentation; this time is not part of the request.
      await timed(world.clock, reader.warmUp());
      return outcomeOf(world, world.ask(reader, { ...WELL, openai: fails(503, 50) }));
    },
  },
  {
    title: 'A stream of the AI SDK; the first provider answers 503',
    async play() {
      const world = createWorld();
      const reader = world.reader({ statuses: IDS.map(well) });
      await timed(world.clock, reader.warmUp());
      const really = { ...WELL, openai: aiSdk(50, busy), claude: aiSdk(600, streamed) };
      return outcomeOf(world, world.ask(reader, really), readAll);
    },
  },
  {
    title: 'A stream stops sending after two chunks, `stallTimeoutMs: 15_000`',
    async play() {
      const world = createWorld();
      const reader = world.reader({ statuses: IDS.map(well) });
      await timed(world.clock, reader.warmUp());
      return outcomeOf(world, world.ask(reader, { ...WELL, openai: stalls }, { stallTimeoutMs: 15_000 }), readAll);
    },
  },
];
