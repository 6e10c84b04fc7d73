/** The shape of history: hours with all their checks, and days in figures. lib/history makes and stores them. */

import type { Observation } from './observation.ts';
import { mergeTallies, type Tally, talliesOf } from './tally.ts';

/** The checks of one full hour in UTC. */
export interface HourHistory {
  /** The provider's id. */
  provider: string;
  /** When it begins, ISO 8601 UTC. */
  hour: string;
  /** Oldest first, at least one. */
  observations: readonly Observation[];
}

/** The figures of one UTC day. */
export interface DayHistory {
  /** The provider's id. */
  provider: string;
  /** `2026-03-01`. */
  day: string;
  /** The figures contain all checks before this time, ISO 8601 UTC. The end of the day when they are final. */
  through: string;
  /** Number of hours with checks that the figures contain. */
  hours: number;
  tally: Tally;
}

/**
 * Computes the figures of a day from its hours.
 *
 * @param hours The hours of the day that are kept, oldest first.
 * @param throughMs The hours before this time are complete, in milliseconds since 1970.
 */
export function dayFrom(provider: string, day: string, hours: readonly HourHistory[], throughMs: number): DayHistory {
  const observations = hours.flatMap((hour) => hour.observations);
  const tally = mergeTallies(talliesOf(observations, [{ fromMs: Date.parse(day), toMs: throughMs }]));
  return { provider, day, through: new Date(throughMs).toISOString(), hours: hours.length, tally };
}
