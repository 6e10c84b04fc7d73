/** Durations, counts and times as messages say them. */

import { durationText as cutDurationText, ordinalEnding } from '../../wording/duration.ts';

/** At most two units, to the nearest second: `45 s`, `12 min`, `1 h 5 min`, `2 d 3 h`. */
export function durationText(ms: number): string {
  return cutDurationText(Math.round(ms / 1000) * 1000);
}

/** `1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`. */
export function ordinalText(count: number): string {
  return `${count}${ordinalEnding(count)}`;
}

/** `a`, `a and b`, `a, b and c`, and of more than `most` the first of them and how many more. */
export function listText(names: readonly string[], most: number): string {
  const shown = names.length > most ? [...names.slice(0, most), `${names.length - most} more`] : names;
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(shown);
}

/** `2026-03-01 10:01 UTC` */
export function timeText(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}
