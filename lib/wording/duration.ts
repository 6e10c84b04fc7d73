/** Durations and ordinals as people say them, the same in alerts, on the page and in the terminal. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';

const UNITS = [
  { ms: DAY_MS, name: 'd' },
  { ms: HOUR_MS, name: 'h' },
  { ms: MINUTE_MS, name: 'min' },
  { ms: SECOND_MS, name: 's' },
] as const;

/**
 * At most two units, and seconds only below a minute: `45 s`, `12 min`, `1 h 5 min`, `2 d 3 h`. Cut and not rounded, so
 * that below a second it is `0 s`.
 * @param coarseFrom From this many of the first unit on the second is left out: with 10, `12 d` and not `12 d 4 h`.
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

/** What follows the figure: `st` of 1, `nd` of 22, `th` of 112. */
export function ordinalEnding(count: number): string {
  const isTeen = Math.floor((count % 100) / 10) === 1;
  return (!isTeen && ['th', 'st', 'nd', 'rd'][count % 10]) || 'th';
}
