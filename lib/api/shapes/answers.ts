/** The shapes of whole answers, problem documents included. schemas.ts has their parts. */

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

const asOf = time.meta({ description: 'When this was answered; ages are counted to it.' });
const unreadableList = z.array(unreadable).meta({
  description: 'Providers whose stored status cannot be understood; they are in no other part of the answer.',
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
    ageMs: milliseconds.nullable().meta({ description: 'Of lastCheck; null before the first.' }),
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
    checks: z.array(healthCheck).meta({ description: 'One of each enabled provider that answered in time.' }),
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
            description: 'refused: it will never take such a message. failed: it gave no usable answer in time.',
          }),
          answer: z.string().meta({ description: 'What it said, without secrets.' }),
        }),
      )
      .meta({ description: 'In the order of the configuration; empty where there is none.' }),
  })
  .meta({ id: 'AlertTest' });

export const scoreAnswer = z
  .strictObject({
    provider: providerId,
    state,
    isHealthy: z.boolean(),
    stale,
    ageMs,
    healthScore: score.meta({ description: 'Of the last check. It has traps; select by routingScore.' }),
    routingScore: score,
  })
  .meta({ id: 'Score' });

export const scoresAnswer = z
  .strictObject({ asOf, scores: z.array(scoreAnswer), unreadable: unreadableList, nextCursor })
  .meta({ id: 'Scores' });

const TIER_WORDS =
  'unknown: stale, or never checked. resting: rate limited, until the time that it asked for is over. down: believed down. ours: by our own key, quota or settings.';

export const selectAnswer = z
  .strictObject({
    asOf,
    strategy: z.enum(STRATEGIES),
    provider: providerId
      .nullable()
      .meta({ description: 'The one to use now; null when there is none to choose from.' }),
    panic: z.boolean().meta({
      description:
        'No provider is usable, or fewer than half of three or more: the monitor may be wrong, and too few are left to carry the load.',
    }),
    ranked: z
      .array(
        z.strictObject({
          provider: providerId,
          model: z.string(),
          state,
          isHealthy: z.boolean(),
          tier: z.enum(TIERS).meta({ id: 'Tier', description: TIER_WORDS }),
          usable: z.boolean().meta({ description: 'Whether it may be used now. The others are the last resort.' }),
          stale,
          ageMs,
          healthScore: score,
          routingScore: score,
        }),
      )
      .meta({
        description:
          'Every provider that is neither disabled nor drained, in the order to try them, as far as `limit`; the first is `provider`.',
      }),
    unknownIds: z.array(providerId).meta({ description: 'Ids of `only` and `exclude` that no provider has.' }),
    unreadable: unreadableList,
  })
  .meta({ id: 'Selection' });

const percentiles = z
  .strictObject({ p50Ms: milliseconds, p90Ms: milliseconds, p95Ms: milliseconds, p99Ms: milliseconds })
  .nullable()
  .meta({
    id: 'Percentiles',
    description:
      'Of the good checks, each a time that was measured; null when there is none. Over 30d and 90d within a few milliseconds in a thousand, where a day has too many different times to keep.',
  });

export const uptimeAnswer = z
  .strictObject({
    provider: providerId,
    window: z.enum(UPTIME_WINDOWS),
    from: time.meta({
      description: 'Of 30d and 90d the beginning of a UTC day, so that today is the last of so many.',
    }),
    to: time,
    checks: count.meta({ description: 'Those that count: without those in a planned pause.' }),
    uptimePercentage: percentage
      .nullable()
      .meta({ description: "Checks that did not fail by the provider's fault; null when there is no check." }),
    usablePercentage: percentage.nullable().meta({ description: 'Checks that did not fail at all.' }),
    coveragePercentage: percentage.meta({ description: 'Share of the window that was observed.' }),
    failures: z.partialRecord(category, count).meta({ description: 'Failed checks by category.' }),
    maintenanceChecks: count.meta({ description: 'Checks in a planned pause: neither uptime nor downtime.' }),
    responseTime: percentiles,
    firstToken: percentiles.meta({ description: 'Time to the first token, of stream probes.' }),
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
          'Equal parts, oldest first: of a minute, 15 minutes, 2 hours or a day; the first and the last reach beyond the window.',
      }),
  })
  .meta({ id: 'Uptime' });

export const healthzAnswer = z
  .strictObject({
    status: z.literal('ok'),
    asOf,
    lastTick: time,
    ageMs: milliseconds.meta({ description: 'Milliseconds between the end of the last tick and now.' }),
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
    requestId: z.string().meta({ description: 'Under which the log has more; also in the header X-Request-Id.' }),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Of a bad request: every mistake, by field.' }),
    retryAfterSeconds: z.int().min(1).optional(),
    lastCheck: healthCheck.nullable().optional().meta({ description: 'Of too many checks: the newest result.' }),
    ageMs: milliseconds.nullable().optional().meta({ description: 'Of lastCheck.' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });
