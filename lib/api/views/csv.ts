/** CSV rows by RFC 4180: CRLF, quotes where needed, and no cell that a spreadsheet would run as a formula. */

export type Cell = string | number | boolean | null;

export const CSV_MEDIA = 'text/csv; charset=utf-8; header=present';

const NEEDS_QUOTES = /[",\r\n]/;
/** A spreadsheet would run a provider's text that begins with one of these as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
