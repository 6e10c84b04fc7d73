/** The schemas of whole answers and of problem documents. schemas.ts has their parts. */

import * as z from 'zod';
import { CHANNEL_TYPES } from '../../health/alerting/alert-settings.ts';
import { STRATEGIES, TIERS } from '../../health/select.ts';
import { UPTIME_WINDOWS } from '../../health/uptime/uptime.ts';
import { PROBLEMS, type ProblemCode } from '../http/problem.ts';
import {
  ageMs,
  category,
  count,
  fault,
  healthCheck,
  incident,
  milliseconds,
  percentage,
  providerId,
  providerStatus,
  score,
  stale,
  state,
  time,
  transition,
  unreadable,
} from './schemas.ts';

const asOf = time.meta({ description: 'Time of this answer. Ages are counted up to it.' });
const unreadableList = z.array(unreadable).meta({
  description: 'Providers with a stored status that cannot be understood. They are in no other part of the answer.',
});
const nextCursor = z.string().nullable().meta({ description: 'The cursor of the next page; null on the last.' });
const range = { from: time, to: time };

export const summaryAnswer = z
  .strictObject({
    asOf,
    totalProviders: count.meta({ description: 'Enabled providers only.' }),
    healthyProviders: count,
    healthPercentage: percentage,
    lastCheck: time.nullable(),
    ageMs: milliseconds.nullable().meta({ description: 'Age of lastCheck; null before the first check.' }),
    providers: z.record(
      providerId,
      z.strictObject({
        isHealthy: z.boolean(),
        state,
        stale,
        ageMs,
        responseTimeMs: milliseconds.nullable(),
        healthScore: score,
        routingScore: score,
        errorMessage: z.string().nullable(),
        category: category.nullable(),
        fault: fault.nullable(),
        lastCheck: time.nullable(),
      }),
    ),
    unreadable: unreadableList,
    nextCursor,
  })
  .meta({ id: 'HealthSummary' });

export const providersAnswer = z
  .strictObject({ asOf, providers: z.array(providerStatus), unreadable: unreadableList, nextCursor })
  .meta({ id: 'Providers' });

export const checksAnswer = z
  .strictObject({
    provider: providerId,
    ...range,
    checks: z.array(healthCheck).meta({ description: 'Newest first.' }),
    nextCursor,
  })
  .meta({ id: 'Checks' });

export const checkAllAnswer = z
  .strictObject({
    checks: z.array(healthCheck).meta({ description: 'A check of each enabled provider that answered in time.' }),
  })
  .meta({ id: 'ManualChecks' });

export const transitionsAnswer = z
  .strictObject({ ...range, transitions: z.array(transition).meta({ description: 'Newest first.' }), nextCursor })
  .meta({ id: 'Transitions' });

export const incidentsAnswer = z
  .strictObject({ ...range, incidents: z.array(incident).meta({ description: 'Newest first.' }), nextCursor })
  .meta({ id: 'Incidents' });

export const alertTestAnswer = z
  .strictObject({
    channels: z
      .array(
        z.strictObject({
          channel: z.string().meta({ description: "The channel's id." }),
          type: z.enum(CHANNEL_TYPES),
          outcome: z.enum(['delivered', 'refused', 'failed']).meta({
            description:
              'refused: the channel will never take such a message. failed: it gave no usable answer in time.',
          }),
          answer: z.string().meta({ description: "The channel's own answer, without secrets." }),
        }),
      )
      .meta({ description: 'In the order of the configuration; empty where no channel is configured.' }),
  })
  .meta({ id: 'AlertTest' });

export const scoreAnswer = z
  .strictObject({
    provider: providerId,
    state,
    isHealthy: z.boolean(),
    stale,
    ageMs,
    healthScore: score.meta({
      description: 'Score of the last check. A fast failure scores high, so select by routingScore.',
    }),
    routingScore: score,
  })
  .meta({ id: 'Score' });

export const scoresAnswer = z
  .strictObject({ asOf, scores: z.array(scoreAnswer), unreadable: unreadableList, nextCursor })
  .meta({ id: 'Scores' });

const TIER_WORDS =
  'unknown: stale, or never checked. resting: rate limited, until the time that the provider asked for is over. down: does not work. ours: does not work because of our own key, quota or settings.';

export const selectAnswer = z
  .strictObject({
    asOf,
    strategy: z.enum(STRATEGIES),
    provider: providerId
      .nullable()
      .meta({ description: 'The provider to use now; null when there is none to choose from.' }),
    panic: z.boolean().meta({
      description:
        'No provider is usable, or fewer than half of three or more. The monitor may be wrong, and too few providers are left to carry the load.',
    }),
    ranked: z
      .array(
        z.strictObject({
          provider: providerId,
          model: z.string(),
          state,
          isHealthy: z.boolean(),
          tier: z.enum(TIERS).meta({ id: 'Tier', description: TIER_WORDS }),
          usable: z
            .boolean()
            .meta({ description: 'Whether the provider may be used now. Unusable providers are the last resort.' }),
          stale,
          ageMs,
          healthScore: score,
          routingScore: score,
        }),
      )
      .meta({
        description:
          'Every provider that is neither disabled nor drained, in the order to try them, at most `limit`. The first one is `provider`.',
      }),
    unknownIds: z.array(providerId).meta({ description: 'Ids in `only` and `exclude` that no provider has.' }),
    unreadable: unreadableList,
  })
  .meta({ id: 'Selection' });

const percentiles = z
  .strictObject({ p50Ms: milliseconds, p90Ms: milliseconds, p95Ms: milliseconds, p99Ms: milliseconds })
  .nullable()
  .meta({
    id: 'Percentiles',
    description:
      'Percentiles of the good checks; null when there is none. Each is a measured time, except over 30d and 90d for days with too many different times to keep: there it may be off by a few milliseconds in a thousand.',
  });

export const uptimeAnswer = z
  .strictObject({
    provider: providerId,
    window: z.enum(UPTIME_WINDOWS),
    from: time.meta({
      description: 'For 30d and 90d, the beginning of a UTC day, so that today is the last of the 30 or 90 days.',
    }),
    to: time,
    checks: count.meta({ description: 'Checks that count: those during maintenance do not.' }),
    uptimePercentage: percentage
      .nullable()
      .meta({ description: "Share of checks that did not fail by the provider's fault; null when there is no check." }),
    usablePercentage: percentage.nullable().meta({ description: 'Share of checks that did not fail.' }),
    coveragePercentage: percentage.meta({ description: 'Share of the window that was observed.' }),
    failures: z.partialRecord(category, count).meta({ description: 'Failed checks by category.' }),
    maintenanceChecks: count.meta({ description: 'Checks during maintenance: neither uptime nor downtime.' }),
    responseTime: percentiles,
    firstToken: percentiles.meta({ description: 'Time to the first token, in stream probes.' }),
    series: z
      .array(
        z.strictObject({
          from: time,
          checks: count,
          uptimePercentage: percentage.nullable(),
          usablePercentage: percentage.nullable(),
          coveragePercentage: percentage,
          p50Ms: milliseconds.nullable(),
          p95Ms: milliseconds.nullable(),
        }),
      )
      .meta({
        description:
          'Equal parts of a minute, 15 minutes, 2 hours or a day, oldest first. The first and the last part may reach beyond the window.',
      }),
  })
  .meta({ id: 'Uptime' });

export const healthzAnswer = z
  .strictObject({
    status: z.literal('ok'),
    asOf,
    lastTick: time,
    ageMs: milliseconds.meta({ description: 'Milliseconds since the end of the last tick.' }),
  })
  .meta({ id: 'Healthz' });

export const shieldsAnswer = z
  .strictObject({
    schemaVersion: z.literal(1),
    label: z.string(),
    message: z.string(),
    color: z.string(),
    isError: z.boolean(),
    cacheSeconds: count,
  })
  .meta({ id: 'ShieldsEndpoint', description: 'The endpoint format of shields.io.' });

const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

export const problemAnswer = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.enum(PROBLEM_CODES).meta({ description: 'Which problem it is, for programs.' }),
    detail: z.string().meta({ description: 'Which problem it is, for people.' }),
    requestId: z.string().meta({ description: 'Id of the request in the log; also in the header X-Request-Id.' }),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'For bad_request: every mistake, by field.' }),
    retryAfterSeconds: z.int().min(1).optional(),
    lastCheck: healthCheck.nullable().optional().meta({ description: 'For too_many_checks: the newest result.' }),
    ageMs: milliseconds.nullable().optional().meta({ description: 'Age of lastCheck.' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });
