/** What the routes take in paths and queries. Unknown parameters are refused, so that a misspelt filter filters. */

import * as z from 'zod';
import { PROVIDER_ID } from '../../health/provider.ts';
import { STALE_POLICIES, STRATEGIES } from '../../health/select.ts';
import { STATES } from '../../health/transition.ts';
import { UPTIME_WINDOWS } from '../../health/uptime/uptime.ts';
import { providerId } from '../shapes/schemas.ts';
import { FORMATS } from '../views/export.ts';

const MAX_PAGE = 1000;
const LIMIT_ERROR = `expected a whole number from 1 to ${MAX_PAGE}`;
export const DEFAULT_PAGE = 100;
/** Longer cursors than any that a store gives out are not worth handing to it. */
const MAX_CURSOR_LENGTH = 1024;
/** Enough for every id of a large fleet, and a bound on what one request can ask for. */
const MAX_LIST = 200;

/** As `ProviderId`; in a list the document needs it written out. */
const AN_ID = { pattern: PROVIDER_ID.source };

export const providerPath = z.strictObject({ id: providerId });

const tag = z.string().min(1).max(100).optional().meta({ description: 'Only providers that carry this tag.' });

const instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'expected an ISO 8601 date or time, such as 2026-03-01 or 2026-03-01T10:00:00Z',
});

/** One of some words; the error for any other lists them. */
function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `expected one of ${words.join(', ')}` });
}

/** A list in one parameter, its entries parted by commas. */
function commaList<T extends z.ZodType<string, string>>(
  entry: T,
  items: { pattern: string } | { enum: string[] },
  description: string,
) {
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(entry).min(1).max(MAX_LIST))
    .optional()
    .meta({
      description: `${description} Comma-separated.`,
      param: { style: 'form', explode: false },
      override: { type: 'array', minItems: 1, maxItems: MAX_LIST, items: { type: 'string', ...items } },
    });
}

const limit = z.coerce
  .number({ error: LIMIT_ERROR })
  .int({ error: LIMIT_ERROR })
  .min(1, { error: LIMIT_ERROR })
  .max(MAX_PAGE, { error: LIMIT_ERROR })
  .optional();
const cursor = z
  .string()
  .min(1)
  .max(MAX_CURSOR_LENGTH)
  .optional()
  .meta({ description: 'The nextCursor of the page before.' });

/** Of a list of providers, in the order of their ids. */
const listPaging = { limit: limit.meta({ description: 'Most providers of a page. Default: all.' }), cursor };

export const listQuery = z.strictObject(listPaging);

export const providersQuery = z.strictObject({
  state: commaList(oneOf(STATES), { enum: [...STATES] }, 'Only providers in one of these states.'),
  healthy: oneOf(['true', 'false']).optional().meta({ description: 'Only healthy ones, or only the others.' }),
  tag,
  ...listPaging,
});

const page = {
  from: instant.optional().meta({ description: 'Inclusive. Default: as far back as is kept.' }),
  to: instant.optional().meta({ description: 'Inclusive. Default: now.' }),
  limit: limit.meta({ description: 'Most items of a page.', default: DEFAULT_PAGE }),
  cursor,
};

const format = oneOf(FORMATS).optional().meta({
  description:
    'csv, ndjson: everything from "from" to "to" as a file, one item a line, newest first; with "limit" or "cursor" one page of it, whose header Link names the next. Also by the header Accept. A function answers with 20000 items and 6 MB at most: ask for it compressed, as a browser does.',
  default: 'json',
});

export const checksQuery = z.strictObject({ ...page, format });

export const transitionsQuery = z.strictObject({
  ...page,
  format,
  provider: providerId.optional().meta({ description: 'Only of this provider; it may be one that was deleted.' }),
});

export const incidentsQuery = z.strictObject({
  ...page,
  from: instant.optional().meta({ description: 'Those that began then or later. Default: 30 days before "to".' }),
  to: instant.optional().meta({ description: 'Those that began then or earlier. Default: now.' }),
  provider: providerId.optional().meta({ description: 'Only of this provider; it may be one that was deleted.' }),
});

export const MAX_PAUSE_MINUTES = 30 * 1440;
const MAX_REASON_LENGTH = 80;

const MINUTES_ERROR = `expected a whole number of minutes from 1 to ${MAX_PAUSE_MINUTES}`;
const minutes = z
  .int({ error: MINUTES_ERROR })
  .min(1, { error: MINUTES_ERROR })
  .max(MAX_PAUSE_MINUTES, { error: MINUTES_ERROR })
  .meta({ description: 'How long from now.' });
const until = z.iso
  .datetime({ offset: true, error: 'expected an ISO 8601 time, such as 2026-03-01T10:00:00Z' })
  .meta({ description: 'When it ends: at most 30 days from now.' });
const REASON_ERROR = `expected a text of at most ${MAX_REASON_LENGTH} characters`;
const reason = z
  .string({ error: REASON_ERROR })
  .max(MAX_REASON_LENGTH, { error: REASON_ERROR })
  .optional()
  .meta({ description: 'Shown on the status.' });

/** The body that sets a pause. That it has one of the two ends is checked by the route, which names the mistake. */
export const pauseBody = z.strictObject({ minutes: minutes.optional(), until: until.optional(), reason });

/** The same as the document says it: generators of clients make a type of each. */
export const pauseInput = z
  .union([
    z.strictObject({ minutes, reason }).meta({ id: 'PauseFor', description: 'A pause of some minutes from now.' }),
    z.strictObject({ until, reason }).meta({ id: 'PauseUntil', description: 'A pause until a time.' }),
  ])
  .meta({ id: 'PauseInput', description: 'When a pause ends, and why there is one.' });

export const uptimeQuery = z.strictObject({ window: oneOf(UPTIME_WINDOWS).default('24h') });

export const selectQuery = z.strictObject({
  strategy: oneOf(STRATEGIES).default('best').meta({
    description: 'best: by routing score. weighted: drawn at random in proportion to it, so that load spreads.',
  }),
  only: commaList(providerId, AN_ID, 'Ids that may be chosen. Default: all.'),
  exclude: commaList(providerId, AN_ID, 'Ids that may not be chosen.'),
  tag,
  limit: limit.meta({ description: 'How many of `ranked` are wanted, the first ones. Default: all.' }),
  whenStale: oneOf(STALE_POLICIES).default('assume-healthy').meta({ description: 'What a stale status is taken for.' }),
});
