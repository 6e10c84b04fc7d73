/**
 * The shapes of what the API answers about health. Routes are type-checked against them, the OpenAPI document is made
 * from them, and tests hold every answer against them. answers.ts has the shapes of whole answers, http/parameters.ts those of inputs.
 */

import * as z from 'zod';
import { NOT_COUNTED } from '../../checker/manual/manual.ts';
import { CATEGORIES } from '../../health/category.ts';
import { PROBE_KINDS, PROVIDER_ID, PROVIDER_TYPES } from '../../health/provider.ts';
import { STATES } from '../../health/transition.ts';

export const providerId = z
  .string()
  .regex(PROVIDER_ID, `expected lower-case letters, digits and hyphens, 1 to 63 of them (${PROVIDER_ID.source})`)
  .meta({ id: 'ProviderId', description: 'Id of a provider.', example: 'openai' });

export const time = z.iso.datetime().meta({ description: 'ISO 8601 UTC.', example: '2026-03-01T10:00:00.000Z' });
export const count = z.int().min(0);
export const milliseconds = z.number().min(0);
export const score = z.number().min(0).max(1);
export const percentage = z.number().min(0).max(100);
export const state = z.enum(STATES).meta({
  id: 'State',
  description:
    'unknown: not checked yet. degraded: works, but slow or briefly rate limited. blacklisted: stayed down, and must prove itself before it counts again.',
});
export const category = z.enum(CATEGORIES).meta({ id: 'Category', description: 'Why a check failed.' });
export const fault = z.enum(['provider', 'ours']).meta({
  id: 'Fault',
  description: 'provider: an outage. ours: a key, a quota or a setting; the provider works for others.',
});
const errorMessage = z.string().meta({ description: 'At most 300 characters, without secrets.' });
const probe = z.enum(PROBE_KINDS).meta({ id: 'ProbeKind', description: 'Which request was sent.' });

export const ageMs = milliseconds.meta({
  description:
    'Milliseconds between the last check (the beginning of the status when there was none) and this answer, whichever is ahead.',
});
export const stale = z.boolean().meta({ description: 'Older than 3 intervals, or from the future: it may not hold.' });

const timings = z
  .strictObject({
    dnsMs: milliseconds.nullable(),
    connectMs: milliseconds.nullable(),
    tlsMs: milliseconds.nullable(),
    firstByteMs: milliseconds.nullable(),
    firstTokenMs: milliseconds.nullable(),
    totalMs: milliseconds,
  })
  .meta({ id: 'Timings', description: 'Phases of one probe in milliseconds; null where a phase did not happen.' });

const tokens = z
  .strictObject({ input: count, output: count, estimated: z.boolean() })
  .meta({ id: 'TokenUse', description: 'Tokens one probe used; estimated where the answer did not say.' });

const check = z.strictObject({
  provider: providerId,
  model: z.string(),
  timestamp: time,
  trigger: z.enum(['schedule', 'manual']),
  attempts: z.union([z.literal(1), z.literal(2)]).meta({ description: '2 when a confirming probe was sent.' }),
  firstAttempt: z
    .strictObject({ category, errorMessage, responseTimeMs: milliseconds })
    .nullable()
    .meta({ description: 'What failed first, when attempts is 2.' }),
  maintenance: z
    .literal(true)
    .optional()
    .meta({ description: 'Made in a planned pause: neither uptime nor downtime. Absent: it was not.' }),
  notCounted: z.enum(NOT_COUNTED).optional().meta({
    description:
      'In answers to manual checks: why it did not change the status. outdated: a newer check was there first. removed: the provider was deleted meanwhile. monitor_fault: the own network of the monitor failed. not_stored: the table did not take it. Absent: it counted.',
  }),
  responseTimeMs: count.meta({ description: 'Request written to answer complete; of a failure, until it failed.' }),
  statusCode: z.int().nullable(),
  timings,
  probe,
  tokens: tokens.nullable(),
  tokensPerSecond: z.number().nullable(),
  requestId: z.string().nullable().meta({ description: "The provider's own id of the request." }),
  newConnection: z.boolean().nullable(),
  resumed: z
    .literal(true)
    .optional()
    .meta({ description: 'The connection resumed a TLS session: tlsMs is a shorter handshake. Absent: it did not.' }),
  uncertain: z.boolean().meta({ description: 'The answer may have lain unread for more than 5 ms.' }),
});

export const healthCheck = z
  .union([
    check
      .extend({
        isHealthy: z.literal(true),
        warning: z.string().nullable(),
        errorMessage: z.null(),
        category: z.null(),
        fault: z.null(),
        retryAfterMs: z.null(),
      })
      .meta({ id: 'HealthyCheck' }),
    check
      .extend({
        isHealthy: z.literal(false),
        warning: z.null(),
        errorMessage,
        category,
        fault,
        retryAfterMs: milliseconds.nullable().meta({ description: 'How long the provider asks to wait.' }),
        monitorFault: z.literal(true).optional().meta({
          description: "The monitor's own machine lacked files, memory or ports: nothing is known. Absent: it did not.",
        }),
      })
      .meta({ id: 'FailedCheck' }),
  ])
  .meta({ id: 'HealthCheck', description: 'One recorded check of one provider.' });

export const incident = z
  .strictObject({
    id: z.string().meta({ description: 'Of the transition that opened it.' }),
    provider: providerId,
    openedAt: time,
    closedAt: time.nullable().meta({ description: 'Null while it lasts.' }),
    lastedMs: milliseconds.meta({ description: 'Until it was closed, or until now.' }),
    fault: fault.nullable().meta({ description: 'Whose fault the failure was that opened it.' }),
    categories: z.array(category).meta({ description: 'Why it failed, the first reason first.' }),
    errorMessage: errorMessage.nullable(),
    ordinal: z.int().min(1).meta({ description: "Which of the provider's incidents in 24 hours." }),
  })
  .meta({ id: 'Incident', description: 'From when a provider stopped working to when it worked again.' });

export const transition = z
  .strictObject({
    id: z.string(),
    provider: providerId,
    from: state,
    to: state,
    at: time,
    category: category.nullable(),
    fault: fault.nullable(),
    errorMessage: errorMessage.nullable(),
    lastedMs: milliseconds.meta({ description: 'How long the state before it had lasted.' }),
  })
  .meta({ id: 'Transition', description: 'A change of state.' });

const pauseReason = z.string().meta({ description: 'The reason that was given with it.' });

const works = <Works extends boolean>(isHealthy: Works) =>
  z.literal(isHealthy).meta({ description: 'Whether the state is healthy or degraded.' });

const status = z.strictObject({
  provider: providerId,
  type: z.enum(PROVIDER_TYPES),
  model: z.string(),
  tags: z.array(z.string()),
  enabled: z.boolean(),
  intervalSeconds: z.number(),
  targetResponseMs: z.number(),
  version: count.meta({ description: 'Grows by one with each change.' }),
  since: time.meta({ description: 'When the state began.' }),
  responseTimeMs: count.nullable().meta({ description: 'Of the last check, as the next two; null while unknown.' }),
  errorMessage: errorMessage.nullable(),
  timestamp: time.nullable(),
  lastCheck: healthCheck.nullable().meta({ description: 'The newest check; null while unknown.' }),
  lastHealthyAt: time.nullable(),
  consecutiveFailures: count,
  consecutiveSuccesses: count,
  recent: z
    .strictObject({
      responseTimesMs: z.array(milliseconds.nullable()),
      isHealthy: z.array(z.boolean()),
      firstTokensMs: z.array(milliseconds.nullable()).optional(),
    })
    .meta({ description: 'The last 20 checks, oldest first.' }),
  medianResponseMs: milliseconds.nullable(),
  typicalResponseMs: milliseconds
    .nullable()
    .meta({ description: 'What a good check takes now: by the last 5 answers.' }),
  successRate: score.meta({ description: 'Over the last 20 checks.' }),
  healthScore: score.meta({ description: 'Of the last check. Select by routingScore instead.' }),
  routingScore: score.meta({ description: '0 when it does not work or is disabled.' }),
  trafficShare: score.meta({
    description:
      'Part of its usual traffic that `weighted` gives it: less than 1 on the first checks after a recovery.',
  }),
  flapping: z.boolean().meta({ description: 'It changed its state 4 times in 30 minutes.' }),
  transitionTimes: z.array(time),
  blacklistTimes: z.array(time),
  lastTransition: transition.nullable(),
  tokensToday: z.strictObject({ day: z.iso.date(), count }).nullable(),
  tokenLimitReached: z
    .boolean()
    .meta({ description: 'maxTokensPerDay is used up: checks list models until the UTC day ends.' }),
  lastCompletionAt: time.nullable(),
  drainUntil: time.nullable().meta({ description: 'Checked but never selected until this time.' }),
  drainReason: pauseReason.nullable(),
  maintenanceUntil: time.nullable().meta({ description: 'No alerts and no downtime until this time.' }),
  maintenanceReason: pauseReason.nullable(),
  ageMs,
  stale,
  advice: z.string().optional().meta({ description: 'What to do about the last check. Absent: it was good.' }),
  fromFuture: z.literal(true).optional().meta({
    description: 'The last check is more than a minute ahead of the clock: a clock is wrong. Absent: it is not.',
  }),
});

export const providerStatus = z
  .union([
    status.extend({ state: z.enum(['unknown', 'unhealthy']), isHealthy: works(false) }).meta({ id: 'PlainStatus' }),
    status.extend({ state: z.literal('healthy'), isHealthy: works(true) }).meta({ id: 'HealthyStatus' }),
    status
      .extend({
        state: z.literal('degraded'),
        isHealthy: works(true),
        reason: z.enum(['slow', 'rate_limited']),
        retryAt: time.nullable().meta({ description: 'When a rate limit is said to end.' }),
      })
      .meta({ id: 'DegradedStatus' }),
    status
      .extend({
        state: z.literal('blacklisted'),
        isHealthy: works(false),
        blacklistedFor: fault,
        holdUntil: time.nullable().meta({ description: 'It does not leave before; null when the fault was ours.' }),
      })
      .meta({ id: 'BlacklistedStatus' }),
  ])
  .meta({ id: 'ProviderStatus', description: 'What is now believed of a provider, and how old that is.' });

export const unreadable = z
  .strictObject({ provider: z.string(), reason: z.string() })
  .meta({ id: 'Unreadable', description: 'A provider whose stored status cannot be understood.' });
