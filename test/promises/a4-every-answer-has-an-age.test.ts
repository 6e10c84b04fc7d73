/** A4: ticks stopped ten hours ago, and no answer may look as if it were of now. A new route is added to the table below. */

import { expect, it } from 'vitest';
import { type ApiOptions, createApp, routesOf } from '../../lib/api/app.ts';
import { silentLog } from '../../lib/base/log.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { goodCheck, healthyStatus, minute, START } from '../support/builders.ts';

const SILENT_HOURS = 10;
const now = () => new Date(minute(SILENT_HOURS * 60));

/** Each object that shows whether a provider works also has the age of that: beside it, or in the check itself. */
function isAged(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isAged);
  if (typeof value !== 'object' || value === null) return true;
  const isBelief = ('isHealthy' in value && 'state' in value) || 'healthyProviders' in value;
  const age =
    'ageMs' in value ? value.ageMs === SILENT_HOURS * 3_600_000 : 'timestamp' in value && value.timestamp === START;
  return (!isBelief || age) && Object.values(value).every(isAged);
}
const says =
  (...words: string[]) =>
  (text: string) =>
    words.every((word) => text.includes(word));
const json = (text: string) => text.includes('"isHealthy"') && isAged(JSON.parse(text));

/** The field with the age in the answer of each route; null: the answer shows nothing about the present. */
const AGED: Record<string, ((text: string) => boolean) | null> = {
  '/v1/summary': json,
  '/v1/providers': json,
  '/v1/providers/{id}': json,
  '/v1/scores': json,
  '/v1/providers/{id}/score': json,
  '/v1/providers/{id}/checks': json,
  '/v1/select': json,
  '/badge/{id}.svg': says('alpha: stale'),
  '/badge/{id}.json': says('"stale"'),
  '/metrics': says('provider_health_stale{provider="alpha"} 1'),
  '/healthz': says('"status":503', 'monitor_silent'),
  '/': says('Stale', 'datetime="2026-03-01T10:00:00.000Z"'),
  '/providers/{id}': says('stale', 'datetime="2026-03-01T10:00:00.000Z"'),
  '/v1/providers/{id}/uptime': null,
  '/v1/transitions': null,
  '/v1/incidents': null,
  '/incidents': null,
  '/incidents/{id}': null,
  '/feed.atom': null,
};

const store = createMemoryStore({ now });
const options: ApiOptions = {
  ...{ store, checker: null, declared: [], log: silentLog, now },
  monitor: { tickSeconds: 60, shards: ['0'] },
};
const routes = routesOf(options)
  .filter(({ method, path }) => method === 'GET' && !path.startsWith('/assets/') && path !== '/v1/openapi.json')
  .map(({ path }) => path);

it('A4: every route is known to say how old its answer is, or to say nothing about now', () => {
  expect(routes.toSorted()).toEqual(Object.keys(AGED).toSorted());
});

it.each(routes)('A4: GET %s after the last tick was ten hours ago', async (path) => {
  await store.statuses.put(healthyStatus(), null, null);
  await store.checks.put([goodCheck()]);
  const text = await (await createApp(options).request(path.replace('{id}', 'alpha'))).text();
  const aged = AGED[path];
  if (aged) expect(aged(text), text).toBe(true);
  else expect(text).not.toContain('"isHealthy"');
});
