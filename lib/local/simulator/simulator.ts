/**
 * Simulated providers on one loopback port, each below a path of its own. They speak the real APIs (api/) and behave as
 * fleet.ts says. With the same clock and random numbers, the same requests get the same answers.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderInput } from '../../config/schema.ts';
import { THIS_MACHINE_WITHOUT_PAGES } from '../admission.ts';
import { openDoor } from '../door.ts';
import { type AnswerContext, refused } from './api/api.ts';
import { actOf, type Behaviour } from './behaviour.ts';
import { FLEET, type SimulatedProvider } from './fleet.ts';
import { hexDigits, seededRandom } from './random.ts';
import { below, readRequest } from './request.ts';
import { type Delay, respond, send } from './respond.ts';

const REQUESTS_KEPT = 100;

export interface SimulatorOptions {
  /** The clock of scripts. Default: the system's. */
  now?: () => Date;
  /** From 0 (inclusive) to 1 (exclusive). Gives each provider a seed of its own. Default `Math.random`. */
  random?: () => number;
  /** Waits for response times. Default: a timer that is cleared when the request ends. */
  delay?: Delay;
  /** Default: the fleet of `npm start`. */
  fleet?: readonly SimulatedProvider[];
}

/** A provider in the form of providers.json. */
type SimulatedProviderInput = Required<Pick<ProviderInput, 'id' | 'type' | 'model' | 'baseUrl' | 'probe' | 'tags'>> &
  Pick<ProviderInput, 'apiKey'>;

interface ReceivedRequest {
  /** ISO 8601 UTC. */
  at: string;
  method: string;
  /** Path below the provider's base path, without the query. */
  path: string;
  /** The parsed JSON; undefined when there was no body or no JSON. */
  body: unknown;
}

export interface Simulator {
  readonly providers: readonly SimulatedProviderInput[];
  /** The environment variables with the providers' keys, for the key resolver. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Changes a provider's behaviour, from the next request on. A script starts at its first step.
   *
   * @throws {RangeError} When there is no such provider.
   */
  set(id: string, behaviour: Behaviour): void;
  /** The last 100 requests of a provider, oldest first. @throws {RangeError} When there is no such provider. */
  requests(id: string): readonly ReceivedRequest[];
  /** Aborts requests under way. Resolves when the port is free and no timer is left. */
  close(): Promise<void>;
}

interface Member {
  provider: SimulatedProvider;
  /** Null: the provider needs no key. */
  key: { variable: string; text: string } | null;
  random: () => number;
  behaviour: Behaviour;
  behavesSince: Date;
  requests: ReceivedRequest[];
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { now = () => new Date(), random = Math.random, fleet = FLEET } = options;
  const delay: Delay = options.delay ?? ((ms, signal) => sleep(ms, undefined, { signal }));

  const members = new Map<string, Member>(
    fleet.map((provider) => {
      // Own random numbers for each provider, so that the order of requests to different providers changes no answer.
      const own = seededRandom(Math.floor(random() * 2 ** 32));
      const { id, behaviour, keyless = false } = provider;
      const variable = `SIMULATED_${id.toUpperCase().replaceAll('-', '_')}_KEY`;
      const key = keyless ? null : { variable, text: `simulated-${hexDigits(32, own)}` };
      return [id, { provider, key, random: own, behaviour, behavesSince: now(), requests: [] }];
    }),
  );

  const door = await openDoor({
    admission: THIS_MACHINE_WITHOUT_PAGES,
    listener(incoming, response) {
      serve(incoming, response).catch((error: unknown) => {
        response.destroy();
        // Expected: the caller or the simulator has gone, or the body was too long. Anything else is a bug and must be
        // seen.
        const expected = error instanceof RangeError || (error instanceof Error && error.name === 'AbortError');
        if (!expected && incoming.errored === null) throw error;
      });
    },
  });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { id, request } = await readRequest(incoming);
    const member = members.get(id);
    if (member === undefined) {
      send(response, { statusCode: 404, headers: {}, body: `${unknownProvider(id)}\n` });
      return;
    }
    const { key, provider } = member;
    const { api, basePath, models } = provider;
    const path = below(basePath, request.path);
    const arrived = now();
    member.requests.push({ at: arrived.toISOString(), method: request.method, path, body: request.body });
    if (member.requests.length > REQUESTS_KEPT) member.requests.shift();

    const known = key === null || api.keyOf(request) === key.text;
    const asked = known ? api.read({ ...request, path }, models) : refused('auth', null);
    const context: AnswerContext = {
      now: arrived,
      id: hexDigits(24, member.random),
      model: asked.asks === 'completion' ? asked.model : models[0],
    };
    const act = actOf(member.behaviour, arrived.getTime() - member.behavesSince.getTime(), member.random);
    await respond(response, { act, asked, api, models, context }, delay, gone.signal);
  }

  function memberOf(id: string): Member {
    const member = members.get(id);
    if (member !== undefined) return member;
    throw new RangeError(unknownProvider(id));
  }

  function unknownProvider(id: string): string {
    return `simulated provider: expected one of ${[...members.keys()].join(', ')}; got "${id}"`;
  }

  return {
    providers: [...members.values()].map(
      ({ key, provider: { id, type, models, basePath, probe = 'completion', tags } }) => ({
        id,
        type,
        model: models[0],
        baseUrl: `${door.url}/${id}${basePath}`,
        ...(key === null ? {} : { apiKey: `env:${key.variable}` }),
        probe,
        tags: [...tags],
      }),
    ),
    env: Object.fromEntries(
      [...members.values()].flatMap(({ key }) => (key === null ? [] : [[key.variable, key.text]])),
    ),
    set(id, behaviour) {
      Object.assign(memberOf(id), { behaviour, behavesSince: now() });
    },
    requests: (id) => memberOf(id).requests,
    async close() {
      const drained = door.drain();
      // Cutting the connections aborts the delays of all responses.
      door.cut();
      await drained;
    },
  };
}
