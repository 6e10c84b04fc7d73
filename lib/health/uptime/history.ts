/** What is kept of the past: hours with every check in them, and days in figures. lib/history makes and keeps them. */

import type { Observation } from './observation.ts';
import { mergeTallies, type Tally, talliesOf } from './tally.ts';

/** The checks of one clock hour of UTC. */
export interface HourHistory {
  /** The provider's id. */
  provider: string;
  /** When it begins, ISO 8601 UTC. */
  hour: string;
  /** Oldest first, at least one. */
  observations: readonly Observation[];
}

/** One UTC day in figures, so far. */
export interface DayHistory {
  /** The provider's id. */
  provider: string;
  /** `2026-03-01`. */
  day: string;
  /** ISO 8601 UTC: what came later is not in the figures yet. The end of the day once they are final. */
  through: string;
  /** How many hours are in the figures: those that had checks. */
  hours: number;
  tally: Tally;
}

/**
 * The figures of a day from its hours.
 *
 * @param hours Those of the day that are kept, oldest first.
 * @param throughMs Up to when they are all there.
 */
export function dayFrom(provider: string, day: string, hours: readonly HourHistory[], throughMs: number): DayHistory {
  const observations = hours.flatMap((hour) => hour.observations);
  const tally = mergeTallies(talliesOf(observations, [{ fromMs: Date.parse(day), toMs: throughMs }]));
  return { provider, day, through: new Date(throughMs).toISOString(), hours: hours.length, tally };
}
