/** Lists and times as messages write them. */

/** `a`, `a and b`, `a, b and c`. Of more than `most` names, the first ones and the number of the others. */
export function listText(names: readonly string[], most: number): string {
  const shown = names.length > most ? [...names.slice(0, most), `${names.length - most} more`] : names;
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(shown);
}

/** `2026-03-01 10:01 UTC` */
export function timeText(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}
