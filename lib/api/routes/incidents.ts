/** Incidents as JSON, newest first, in pages. */

import { DAY_MS } from '../../base/time.ts';
import type { Incident } from '../../health/alerting/incident.ts';
import { readIncidents } from '../../history/incidents.ts';
import type { Api } from '../api.ts';
import { badCursor, cursorAfter, keyIn } from '../http/cursor.ts';
import { incidentsQuery } from '../http/parameters.ts';
import { badRequest, type Problem } from '../http/problem.ts';
import { rangeOf } from '../http/range.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { incidentsAnswer } from '../shapes/answers.ts';
import { READ_CACHE_SECONDS } from './status.ts';

const DEFAULT_DAYS = 30;

export function incidentRoutes(api: Api): Route[] {
  return [
    defineRoute({
      path: '/v1/incidents',
      operationId: 'listIncidents',
      summary: 'Incidents, newest first',
      group: 'History',
      query: incidentsQuery,
      answers: incidentsAnswer,
      cacheSeconds: READ_CACHE_SECONDS,
      async handle({ query }) {
        const now = api.now();
        const range = rangeOf(query, now, (toMs) => toMs - DEFAULT_DAYS * DAY_MS);
        const fromMs = Date.parse(range.from);
        const before = query.cursor === undefined ? null : positionIn(query.cursor, range);
        const read = await readIncidents(api.store.transitions, {
          provider: query.provider ?? null,
          fromMs,
          toMs: now.getTime(),
        });
        if (read.exactFromMs > fromMs) {
          // The transitions may not reach back as far as the default range. The answer's `from` says where they begin.
          range.from = new Date(read.exactFromMs).toISOString();
          if (query.from !== undefined) throw tooMuch(range.from);
        }
        const found = read.incidents.filter(
          ({ id, openedAt }) => openedAt >= range.from && openedAt <= range.to && (before === null || id < before),
        );
        const shown = found.slice(0, query.limit);
        const last = shown.at(-1);
        const more = found.length > shown.length && last ? last.id : null;
        return {
          body: {
            ...range,
            incidents: shown.map((incident) => withDuration(incident, now)),
            nextCursor: more && cursorAfter(more),
          },
        };
      },
    }),
  ];
}

function withDuration(incident: Incident, now: Date) {
  const endMs = incident.closedAt === null ? now.getTime() : Date.parse(incident.closedAt);
  return { ...incident, lastedMs: Math.max(0, endMs - Date.parse(incident.openedAt)) };
}

/** The id of the incident after which the page begins. @throws {Problem} `bad_request` */
function positionIn(cursor: string, range: { from: string; to: string }): string {
  const id = keyIn(cursor);
  if (id === null || !/^[^#]+#[a-z0-9-]+$/.test(id)) throw badCursor();
  const time = id.slice(0, id.indexOf('#'));
  if (time < range.from || time > range.to) throw badCursor();
  return id;
}

function tooMuch(exactFrom: string): Problem {
  const message = `expected ${exactFrom} or later: there are too many transitions after that time to read more at once`;
  return badRequest([{ field: 'from', message }]);
}
