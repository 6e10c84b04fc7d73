/** Texts for times and figures. The browser uses the same functions, so that all places write the same. */

import { SECOND_MS } from '../base/time.ts';
import { durationText as fullDurationText, ordinalEnding } from './duration.ts';

/** From 10 on the second unit is left out: `12 d`, but `2 d 4 h`. */
const COARSE = 10;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `4 s`, `3 min`, `2 h 5 min`, `12 d`. Below a second it is `0 s`. */
export function durationText(ms: number): string {
  return fullDurationText(ms, COARSE);
}

/** `249 ms`, `1.52 s`, `12.3 s`. */
export function responseText(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  const seconds = ms / SECOND_MS;
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** `99.98%`. Rounded down, so that a single failure shows as less than 100%. */
export function percentText(percentage: number): string {
  // The small term corrects errors of binary fractions: 99.99 * 100 is a little less than 9999.
  const cut = Math.floor(percentage * 100 + 1e-6) / 100;
  return `${Number.isInteger(cut) ? cut : cut.toFixed(2)}%`;
}

/** With fewer checks, a percentage would look more exact than it is. */
const FEW_CHECKS = 100;

/** `99.98%`; below 100 checks `in 3 of 8 checks`, unless all or none of them are good. */
export function shareText(percentage: number, checks: number): string {
  if (checks >= FEW_CHECKS || percentage === 0 || percentage === 100) return percentText(percentage);
  return `in ${countText(Math.round((percentage / 100) * checks))} of ${plural(checks, 'check')}`;
}

/** `0.87`. */
export function scoreText(score: number): string {
  return score.toFixed(2);
}

/** `1,440`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** `12 Mar 2026`, in UTC. */
export function dayText(time: string | number): string {
  return `${dayMonthText(time)} ${new Date(time).getUTCFullYear()}`;
}

/** `12 Mar`, in UTC. */
export function dayMonthText(time: string | number): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** `12 Mar, 14:02:05 UTC`. */
export function momentText(time: string): string {
  return `${dayMonthText(time)}, ${time.slice(11, 19)} UTC`;
}

/** `14:02`, in UTC. */
export function clockText(time: string): string {
  return time.slice(11, 16);
}

/** `1st`, `12th`, `22nd`. */
export function ordinalText(ordinal: number): string {
  return `${countText(ordinal)}${ordinalEnding(ordinal)}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
