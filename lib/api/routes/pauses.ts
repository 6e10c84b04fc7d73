/** Routes that set pauses by hand: maintenance and drain. They exist only where there is a checker. */

import { capitalised } from '../../base/sentence.ts';
import { MINUTE_MS } from '../../base/time.ts';
import type { Pause, PauseKind } from '../../checker/fleet/pause.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { Api, Checker } from '../api.ts';
import { readObject } from '../http/input.ts';
import { MAX_PAUSE_MINUTES, pauseBody, pauseInput, providerPath } from '../http/parameters.ts';
import { badRequest } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { withAdvice } from '../shapes/advised.ts';
import { providerStatus } from '../shapes/schemas.ts';

const KINDS: readonly { kind: PauseKind; begin: string; end: string }[] = [
  {
    kind: 'maintenance',
    begin: 'Pause a provider: no alerts, and neither uptime nor downtime, until a time',
    end: 'End the maintenance of a provider',
  },
  {
    kind: 'drain',
    begin: 'Take a provider out of selection until a time; it is still checked',
    end: 'End the drain of a provider',
  },
];

export function pauseRoutes(api: Api, checker: Checker): Route[] {
  const set: Record<PauseKind, (id: string, pause: Pause | null) => Promise<ProviderStatus>> = {
    drain: (id, pause) => checker.setDrain(id, pause),
    maintenance: (id, pause) => checker.setMaintenance(id, pause),
  };
  return KINDS.flatMap(({ kind, begin, end }) => {
    const shared = {
      path: `/v1/providers/{id}/${kind}`,
      group: 'Changes',
      params: providerPath,
      answers: providerStatus,
      problems: ['unknown_provider', 'unreadable_status'],
      cacheSeconds: 0,
    } as const;
    const name = capitalised(kind);
    return [
      defineRoute({
        ...shared,
        method: 'PUT',
        operationId: `set${name}`,
        summary: begin,
        body: pauseInput,
        async handle({ path: { id }, body }) {
          const status = await set[kind](id, pauseOf(body, api.now()));
          return { body: withAdvice(status, api.now()) };
        },
      }),
      defineRoute({
        ...shared,
        method: 'DELETE',
        operationId: `end${name}`,
        summary: end,
        async handle({ path: { id } }) {
          return { body: withAdvice(await set[kind](id, null), api.now()) };
        },
      }),
    ];
  });
}

/** @throws {Problem} `bad_request` */
function pauseOf(body: Readonly<Record<string, unknown>>, now: Date): Pause {
  const { minutes, until, reason = null } = readObject(pauseBody, body);
  if ((minutes === undefined) === (until === undefined)) {
    const got = minutes === undefined ? 'neither' : 'both';
    throw badRequest([{ field: 'minutes', message: `expected either "minutes" or "until", got ${got}` }]);
  }
  const endMs = until === undefined ? now.getTime() + (minutes ?? 0) * MINUTE_MS : Date.parse(until);
  const leftMs = endMs - now.getTime();
  if (leftMs <= 0 || leftMs > MAX_PAUSE_MINUTES * MINUTE_MS) {
    const message = `expected a time in the future, at most ${MAX_PAUSE_MINUTES / 1440} days away; it is ${now.toISOString()} now`;
    throw badRequest([{ field: 'until', message }]);
  }
  return { until: new Date(endMs).toISOString(), reason: reason === '' ? null : reason };
}
