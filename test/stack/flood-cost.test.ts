/**
 * A6: what a flood costs at most, which must be the figure in docs/costs.md: for each route its rate, times the cost of
 * its largest answer at the list prices of us-east-1, with 100 providers checked once a minute.
 */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { routeSettings } from '../../lib/stack/throttles.ts';

const COSTS = readFileSync(new URL('../../docs/costs.md', import.meta.url), 'utf8');

const DAY_SECONDS = 86_400;
const MEMORY_GB = 1;
const PRICE = {
  /** A request through the HTTP API, its invocation, and its line in the access log (0.4 kB at $0.50 a GB). */
  request: (1 + 0.2 + 0.2) / 1e6,
  gbSecond: 0.0000133334,
  readUnit: 0.125 / 1e6,
  byteOut: 0.09 / 1e9,
};

interface Answer {
  seconds: number;
  readUnits: number;
  bytes: number;
}

/** The fleet's statuses, uncompressed; a provider's page, whose past takes some 110 read units, is smaller. */
const FLEET: Answer = { seconds: 0.1, readUnits: 110, bytes: 200_000 };
/** A week of checks, uncompressed: as much as a function can answer with. */
const EXPORT: Answer = { seconds: 1, readUnits: 1000, bytes: 6_000_000 };

/** The most expensive answer of a route. */
function largestOf(key: string): Answer {
  if (key.startsWith('HEAD ')) return { ...EXPORT, bytes: 0 };
  return /checks|transitions/.test(key) ? EXPORT : FLEET;
}

function dollarsADay(settings: ReturnType<typeof routeSettings>): number {
  return Object.entries(settings)
    .filter(([key]) => /^(GET|HEAD) /.test(key))
    .map(([key, { ThrottlingRateLimit }]) => {
      const { seconds, readUnits, bytes } = largestOf(key);
      const each =
        PRICE.request + seconds * MEMORY_GB * PRICE.gbSecond + readUnits * PRICE.readUnit + bytes * PRICE.byteOut;
      return ThrottlingRateLimit * DAY_SECONDS * each;
    })
    .reduce((sum, dollars) => sum + dollars);
}

test.each([
  ['as it is deployed', {}],
  ['with a tenth of each rate', { requestsPerSecond: 5, history: { requestsPerSecond: 0.2 } }],
])('docs/costs.md says what a day of a flood costs at most, %s', (_, throttle) => {
  const dollars = Math.ceil(dollarsADay(routeSettings(throttle)));
  expect(COSTS).toContain(`$${dollars} a day`);
});
