/** The figures of the checks in a span of time. The tallies of two adjacent spans can be merged. */

import type { Category } from '../category.ts';
import { observedMs, observedSpans, type Span } from './coverage.ts';
import { type Distribution, distributionOf, mergeDistributions } from './distribution.ts';
import type { Observation } from './observation.ts';

export interface Tally {
  /** Number of checks, without those in a planned pause. */
  checks: number;
  /** Number of failed checks, by category. */
  failures: Readonly<Partial<Record<Category, number>>>;
  /** Number of checks that failed by the provider's fault: downtime. */
  outages: number;
  /** Number of checks in a planned pause. */
  maintenance: number;
  /** Milliseconds that were observed, planned pauses included. */
  observedMs: number;
  /** Response times of good checks that asked for tokens. */
  answered: Distribution;
  /** Response times of good checks that listed models. */
  listed: Distribution;
  /** Times to the first token. */
  firstTokens: Distribution;
}

/**
 * Computes the tally of each part.
 *
 * @param observations Oldest first. Observations outside of all parts are ignored.
 * @param parts Oldest first.
 */
export function talliesOf(observations: readonly Observation[], parts: readonly Span[]): Tally[] {
  const spans = observedSpans(observations);
  const isBefore = (index: number, ms: number) => (observations[index]?.atMs ?? Number.POSITIVE_INFINITY) < ms;
  let next = 0;
  return parts.map((part) => {
    while (isBefore(next, part.fromMs)) next += 1;
    const first = next;
    while (isBefore(next, part.toMs)) next += 1;
    return { ...countsOf(observations.slice(first, next)), observedMs: observedMs(spans, part) };
  });
}

function countsOf(observations: readonly Observation[]): Omit<Tally, 'observedMs'> {
  const counted = observations.filter(({ maintenance }) => !maintenance);
  const good = counted.filter(({ failure }) => failure === null);
  return {
    checks: counted.length,
    failures: failuresOf(counted),
    outages: counted.filter(({ failure }) => failure?.fault === 'provider').length,
    maintenance: observations.length - counted.length,
    answered: distributionOf(good.filter(({ listedModels }) => !listedModels).map((one) => one.responseTimeMs)),
    listed: distributionOf(good.filter(({ listedModels }) => listedModels).map((one) => one.responseTimeMs)),
    firstTokens: distributionOf(good.flatMap(({ firstTokenMs }) => firstTokenMs ?? [])),
  };
}

function failuresOf(observations: readonly Observation[]): Tally['failures'] {
  const counts: Partial<Record<Category, number>> = {};
  for (const { failure } of observations) {
    if (failure) counts[failure.category] = (counts[failure.category] ?? 0) + 1;
  }
  return counts;
}

export function mergeTallies(tallies: readonly Tally[]): Tally {
  const sum = (value: (tally: Tally) => number) => tallies.reduce((total, tally) => total + value(tally), 0);
  return {
    checks: sum(({ checks }) => checks),
    failures: mergeFailures(tallies),
    outages: sum(({ outages }) => outages),
    maintenance: sum(({ maintenance }) => maintenance),
    observedMs: sum(({ observedMs }) => observedMs),
    answered: mergeDistributions(tallies.map(({ answered }) => answered)),
    listed: mergeDistributions(tallies.map(({ listed }) => listed)),
    firstTokens: mergeDistributions(tallies.map(({ firstTokens }) => firstTokens)),
  };
}

export function mergeFailures(parts: readonly Pick<Tally, 'failures'>[]): Tally['failures'] {
  const counts: Partial<Record<Category, number>> = {};
  for (const { failures } of parts) {
    for (const [category, count] of Object.entries(failures) as [Category, number][]) {
      counts[category] = (counts[category] ?? 0) + count;
    }
  }
  return counts;
}

/** The response times for percentiles: those of answers with tokens; those of lists of models when there are no others. */
export function comparableTimes({ answered, listed }: Tally): Distribution {
  return answered.size > 0 ? answered : listed;
}
