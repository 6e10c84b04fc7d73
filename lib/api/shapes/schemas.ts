/**
 * The schemas of the parts of answers. The compiler checks the routes against them, the OpenAPI document is made from
 * them, and tests compare every answer with them. Not here: whole answers (answers.ts) and inputs (http/parameters.ts).
 */

import * as z from 'zod';
import { NOT_COUNTED } from '../../checker/manual/manual.ts';
import { INCIDENT_ENDINGS } from '../../health/alerting/incident.ts';
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
    'unknown: not checked yet. degraded: works, but slow or briefly rate limited. blacklisted: stayed down, and needs several good checks before it is used again.',
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
    'Milliseconds between the last check and this answer, never negative. Before the first check: since the status began.',
});
export const stale = z
  .boolean()
  .meta({ description: 'Older than 3 intervals, or from the future: the status may be out of date.' });

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
  .meta({ id: 'TokenUse', description: 'Tokens that the probe used; estimated where the answer did not say.' });

const check = z.strictObject({
  provider: providerId,
  model: z.string(),
  timestamp: time,
  trigger: z.enum(['schedule', 'manual']),
  maintenance: z
    .literal(true)
    .optional()
    .meta({ description: 'Made during maintenance: neither uptime nor downtime. Absent: it was not.' }),
  notCounted: z.enum(NOT_COUNTED).optional().meta({
    description:
      "In answers to manual checks: why the check did not change the status. outdated: a newer check was stored before. removed: the provider was deleted meanwhile. monitor_fault: the monitor's own network failed. not_stored: the write failed. Absent: the check counted.",
  }),
  responseTimeMs: count.meta({
    description: 'From the written request to the complete answer; for a failed check, until it failed.',
  }),
  statusCode: z.int().nullable(),
  timings,
  probe,
  tokens: tokens.nullable(),
  tokensPerSecond: z.number().nullable(),
  requestId: z.string().nullable().meta({ description: "The provider's id of the request." }),
  newConnection: z.boolean().nullable(),
  resumed: z.literal(true).optional().meta({
    description: 'The connection resumed a TLS session, so tlsMs is a shorter handshake. Absent: it did not.',
  }),
  uncertain: z.boolean().meta({ description: 'The answer may have lain unread for more than 5 ms.' }),
});

const eitherCheck = z.union([
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
        description:
          "The monitor's own machine lacked files, memory or ports, so the check says nothing. Absent: it did not.",
      }),
    })
    .meta({ id: 'FailedCheck' }),
]);

/** Apart, since with both in one union there would be four kinds of check. */
const attempts = z.union([
  z.strictObject({ attempts: z.literal(1), firstAttempt: z.null() }),
  z.strictObject({
    attempts: z.literal(2).meta({ description: 'A confirming probe was sent.' }),
    firstAttempt: z
      .strictObject({ category, errorMessage, responseTimeMs: milliseconds })
      .meta({ description: 'What failed first.' }),
  }),
]);

export const healthCheck = z
  .intersection(eitherCheck, attempts)
  .meta({ id: 'HealthCheck', description: 'One recorded check of one provider.' });

export const incident = z
  .strictObject({
    id: z.string().meta({ description: 'Id of the transition that opened it.' }),
    provider: providerId,
    openedAt: time,
    closedAt: time.nullable().meta({ description: 'Null while the incident lasts.' }),
    ending: z.enum(INCIDENT_ENDINGS).nullable().meta({
      description:
        'recovered: the provider worked again. not_checked: it was removed or disabled while it was down. Null while the incident lasts.',
    }),
    lastedMs: milliseconds.meta({ description: 'Duration until it was closed, or until now.' }),
    fault: fault.nullable().meta({ description: 'Fault of the failure that opened it.' }),
    categories: z.array(category).meta({ description: 'Categories of the failures, the first one first.' }),
    errorMessage: errorMessage.nullable(),
    ordinal: z.int().min(1).meta({ description: "Number of this incident among the provider's in 24 hours, from 1." }),
  })
  .meta({
    id: 'Incident',
    description: 'From when a provider stopped working to when it worked again, or was no longer checked.',
  });

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
    lastedMs: milliseconds.meta({ description: 'How long the former state had lasted.' }),
  })
  .meta({ id: 'Transition', description: 'A change of state.' });

const pauseReason = z.string().meta({ description: 'The reason that was given with the pause.' });

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
  version: count.meta({ description: 'Increased by one with each change.' }),
  since: time.meta({ description: 'When the state began.' }),
  responseTimeMs: count
    .nullable()
    .meta({ description: 'Of the last check, like errorMessage and timestamp; null while unknown.' }),
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
    .meta({ description: 'Usual response time now, from the last 5 good checks.' }),
  successRate: score.meta({ description: 'Over the last 20 checks.' }),
  healthScore: score.meta({ description: 'Score of the last check. Select by routingScore instead.' }),
  routingScore: score.meta({ description: '0 when the provider does not work or is disabled.' }),
  trafficShare: score.meta({
    description:
      'Share of its usual traffic that `weighted` sends to the provider: below 1 for the first checks after a recovery.',
  }),
  flapping: z.boolean().meta({ description: 'The state changed 4 times in 30 minutes.' }),
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
  advice: z
    .string()
    .optional()
    .meta({ description: 'What to do about the failed last check. Absent: it did not fail.' }),
  fromFuture: z.literal(true).optional().meta({
    description: 'The last check is more than a minute ahead of the clock, so a clock is wrong. Absent: it is not.',
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
        retryAt: time.nullable().meta({ description: 'When the rate limit ends, by the provider.' }),
      })
      .meta({ id: 'DegradedStatus' }),
    status
      .extend({
        state: z.literal('blacklisted'),
        isHealthy: works(false),
        blacklistedFor: fault,
        holdUntil: time
          .nullable()
          .meta({ description: 'The provider stays blacklisted at least until then; null when the fault is ours.' }),
      })
      .meta({ id: 'BlacklistedStatus' }),
  ])
  .meta({ id: 'ProviderStatus', description: 'What is known of a provider now, and how old that is.' });

export const unreadable = z
  .strictObject({ provider: z.string(), reason: z.string() })
  .meta({ id: 'Unreadable', description: 'A provider with a stored status that cannot be understood.' });
