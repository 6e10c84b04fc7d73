/** Durations and counts as people say them. */

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/** At most two units: `45 s`, `12 min`, `1 h 5 min`, `2 d 3 h`. Seconds only below a minute. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0 s';
  const [unit = 's', size = 1] = UNITS[first] ?? [];
  const whole = `${Math.floor(seconds / size)} ${unit}`;
  const [nextUnit, nextSize = 1] = UNITS[first + 1] ?? [];
  const rest = Math.floor((seconds % size) / nextSize);
  return rest === 0 || nextUnit === undefined || nextUnit === 's' ? whole : `${whole} ${rest} ${nextUnit}`;
}

/** `1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`. */
export function ordinalText(count: number): string {
  const ending = new Intl.PluralRules('en', { type: 'ordinal' }).select(count);
  return `${count}${({ one: 'st', two: 'nd', few: 'rd' } as Record<string, string>)[ending] ?? 'th'}`;
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
