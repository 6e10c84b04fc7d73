/**
 * The parameters of paths, queries and bodies. Unknown parameters are refused: a misspelt filter would silently filter
 * nothing.
 */

import * as z from 'zod';
import { PROVIDER_ID } from '../../health/provider.ts';
import { STALE_POLICIES, STRATEGIES } from '../../health/select.ts';
import { STATES } from '../../health/transition.ts';
import { UPTIME_WINDOWS } from '../../health/uptime/uptime.ts';
import { containsKey } from '../../keys/key-like.ts';
import { providerId } from '../shapes/schemas.ts';
import { FORMATS } from '../views/export.ts';

const MAX_PAGE = 1000;
const LIMIT_ERROR = `expected a whole number from 1 to ${MAX_PAGE}`;
export const DEFAULT_PAGE = 100;
/** Longer than any cursor of the store. */
const MAX_CURSOR_LENGTH = 1024;
/** The most entries of a list parameter: enough for a large fleet, and a bound for one request. */
const MAX_LIST = 200;

/** The schema `ProviderId`, written out, because the document cannot refer to it inside a list. */
const AN_ID = { pattern: PROVIDER_ID.source };

export const providerPath = z.strictObject({ id: providerId });

const tag = z.string().min(1).max(100).optional().meta({ description: 'Only providers with this tag.' });

const instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'expected an ISO 8601 date or time, such as 2026-03-01 or 2026-03-01T10:00:00Z',
});

/** One of the words. The error for any other value lists them. */
function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `expected one of ${words.join(', ')}` });
}

/** A list in one parameter, separated by commas. */
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

/** Paging of a list of providers, in the order of their ids. */
const listPaging = { limit: limit.meta({ description: 'The most providers in a page. Default: all.' }), cursor };

export const listQuery = z.strictObject(listPaging);

export const providersQuery = z.strictObject({
  state: commaList(oneOf(STATES), { enum: [...STATES] }, 'Only providers in one of these states.'),
  healthy: oneOf(['true', 'false'])
    .optional()
    .meta({ description: 'true: only healthy or degraded providers. false: only the others.' }),
  tag,
  ...listPaging,
});

const page = {
  from: instant.optional().meta({ description: 'Inclusive. Default: the oldest that is kept.' }),
  to: instant.optional().meta({ description: 'Inclusive. Default: now.' }),
  limit: limit.meta({ description: 'The most items in a page.', default: DEFAULT_PAGE }),
  cursor,
};

const format = oneOf(FORMATS).optional().meta({
  description:
    'csv, ndjson: everything from "from" to "to" as a file, one item a line, newest first; with "limit" or "cursor" one page, and its header Link names the next page. The header Accept selects the format too. A deployed monitor answers with at most 20000 items and 6 MB: request it compressed, as browsers do.',
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
  from: instant
    .optional()
    .meta({ description: 'Only incidents that began then or later. Default: 30 days before "to".' }),
  to: instant.optional().meta({ description: 'Only incidents that began then or earlier. Default: now.' }),
  provider: providerId.optional().meta({ description: 'Only of this provider; it may be one that was deleted.' }),
});

export const MAX_PAUSE_MINUTES = 30 * 1440;
const MAX_REASON_LENGTH = 80;

const MINUTES_ERROR = `expected a whole number of minutes from 1 to ${MAX_PAUSE_MINUTES}`;
const minutes = z
  .int({ error: MINUTES_ERROR })
  .min(1, { error: MINUTES_ERROR })
  .max(MAX_PAUSE_MINUTES, { error: MINUTES_ERROR })
  .meta({ description: 'Duration of the pause, from now.' });
const until = z.iso
  .datetime({ offset: true, error: 'expected an ISO 8601 time, such as 2026-03-01T10:00:00Z' })
  .meta({ description: 'End of the pause, at most 30 days from now.' });
const REASON_ERROR = `expected a text of at most ${MAX_REASON_LENGTH} characters`;
// It is stored, and everybody who may read the status sees it.
const KEY_ERROR = 'expected a text without a key, got one that looks like a key';
const reason = z
  .string({ error: REASON_ERROR })
  .max(MAX_REASON_LENGTH, { error: REASON_ERROR })
  .refine((text) => !containsKey(text), { error: KEY_ERROR })
  .optional()
  .meta({ description: 'Shown in the status.' });

/** The body that sets a pause. The route checks that it has either `minutes` or `until`, to give a clear error. */
export const pauseBody = z.strictObject({ minutes: minutes.optional(), until: until.optional(), reason });

/** The same body for the OpenAPI document, as a union, so that client generators make a type for each form. */
export const pauseInput = z
  .union([
    z.strictObject({ minutes, reason }).meta({ id: 'PauseFor', description: 'A pause of some minutes from now.' }),
    z.strictObject({ until, reason }).meta({ id: 'PauseUntil', description: 'A pause until a time.' }),
  ])
  .meta({ id: 'PauseInput', description: 'When a pause ends, and why there is one.' });

export const uptimeQuery = z.strictObject({ window: oneOf(UPTIME_WINDOWS).default('24h') });

export const selectQuery = z.strictObject({
  strategy: oneOf(STRATEGIES).default('best').meta({
    description:
      'best: by routing score. weighted: at random, in proportion to the routing score, so that load spreads.',
  }),
  only: commaList(providerId, AN_ID, 'Ids that may be chosen. Default: all.'),
  exclude: commaList(providerId, AN_ID, 'Ids that may not be chosen.'),
  tag,
  limit: limit.meta({ description: 'The most entries of `ranked`. Default: all.' }),
  whenStale: oneOf(STALE_POLICIES).default('assume-healthy').meta({ description: 'How a stale status counts.' }),
});
