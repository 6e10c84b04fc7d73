/** Texts for durations and ordinals, shared by alerts, page and terminal. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';

const UNITS = [
  { ms: DAY_MS, name: 'd' },
  { ms: HOUR_MS, name: 'h' },
  { ms: MINUTE_MS, name: 'min' },
  { ms: SECOND_MS, name: 's' },
] as const;

/**
 * A duration in at most two units, seconds only below a minute: `45 s`, `12 min`, `1 h 5 min`, `2 d 3 h`. Rounded down, so
 * `0 s` below a second.
 * @param coarseFrom From this count of the first unit on, the second unit is left out. With 10: `12 d`, not `12 d 4 h`.
 */
export function durationText(ms: number, coarseFrom = Number.POSITIVE_INFINITY): string {
  const index = UNITS.findIndex((unit) => ms >= unit.ms);
  const unit = UNITS[index];
  if (!unit) return '0 s';
  const whole = Math.floor(ms / unit.ms);
  const next = UNITS[index + 1];
  if (!next || whole >= coarseFrom || unit.ms === MINUTE_MS) return `${whole} ${unit.name}`;
  const rest = Math.floor((ms % unit.ms) / next.ms);
  return rest === 0 ? `${whole} ${unit.name}` : `${whole} ${unit.name} ${rest} ${next.name}`;
}

/** The letters after the figure of an ordinal: `st` for 1, `nd` for 22, `th` for 112. */
export function ordinalEnding(count: number): string {
  const isTeen = Math.floor((count % 100) / 10) === 1;
  return (!isTeen && ['th', 'st', 'nd', 'rd'][count % 10]) || 'th';
}
