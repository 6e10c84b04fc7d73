/**
 * Formats statuses as a table for the terminal: one row each. The reason is the last column, since it is the longest.
 */

import { styleText } from 'node:util';
import { safeMessage } from '../../egress/message.ts';
import type { AgedStatus } from '../../health/aged-status.ts';
import type { RecentChecks } from '../../health/recent.ts';
import type { Unreadable } from '../../store/store.ts';
import { durationText, percentText, responseText, scoreText } from '../../wording/figures.ts';
import { healthScoreText, type Look, lookOf, reasonOf, wordOf } from '../../wording/status-words.ts';
import { FAULT_WORDS } from '../../wording/terms.ts';

type Style = Parameters<typeof styleText>[0];

const STYLES: Record<Look, Style> = { ok: 'green', warn: 'yellow', bad: 'red', ours: 'magenta', off: 'gray' };
/** Each look has a shape too, since some people and terminals see no colours. */
const MARKS: Record<Look, string> = { ok: '✓', warn: '!', bad: '✗', ours: '⚑', off: '–' };
const BARS = '▁▂▃▄▅▆▇█';
const FAILED = '×';
const GAP = '  ';

interface Cell {
  text: string;
  style?: Style;
  isNumber?: boolean;
}

interface Column {
  heading: string;
  isNumber?: boolean;
  /** Order in which columns are left out in a narrow terminal: 1 first. Absent: never left out. */
  leftOut?: number;
}

const COLUMNS: readonly Column[] = [
  { heading: '' },
  { heading: 'PROVIDER' },
  { heading: 'STATE' },
  { heading: 'FOR', leftOut: 7 },
  { heading: 'LAST 20', leftOut: 6 },
  { heading: 'RESPONSE', isNumber: true, leftOut: 8 },
  { heading: 'MEDIAN', isNumber: true, leftOut: 4 },
  { heading: 'GOOD', isNumber: true, leftOut: 3 },
  { heading: 'ROUTING', isNumber: true, leftOut: 2 },
  { heading: 'HEALTH', isNumber: true, leftOut: 1 },
  { heading: 'CHECKED', isNumber: true, leftOut: 5 },
  { heading: 'WHY' },
];
const WHY = COLUMNS.length - 1;
/** Width kept for the reason, if there is one: figures are left out before it gets narrower. */
const LEAST_WHY = 40;

export interface ReportOptions {
  now: Date;
  /** Whether the terminal shows colours. */
  colour: boolean;
  /** Width of the terminal in columns; null: lines are not cut. */
  width: number | null;
  /** The most lines of the report, including the closing line; null: unlimited. */
  height: number | null;
}

/** The table, providers that do not work first, and a line with the totals, with a final newline. */
export function reportOf(
  statuses: readonly AgedStatus[],
  unreadable: readonly Unreadable[],
  { now, colour, width, height }: ReportOptions,
): string {
  const ordered = [...statuses].sort((a, b) => LOOKS.indexOf(lookOf(a)) - LOOKS.indexOf(lookOf(b)));
  const rows = [...unreadable.map(unreadableRow), ...ordered.map((status) => rowOf(status, now))];
  // Three lines are for the heading, an empty line and the totals.
  const most = height === null ? rows.length : Math.max(1, height - 3);
  const shown = rows.slice(0, rows.length > most ? most - 1 : most);
  const columns = columnsFor(shown, width);
  const headings = COLUMNS.map(
    ({ heading, isNumber }): Cell => ({
      text: heading,
      style: 'dim',
      ...(isNumber && { isNumber }),
    }),
  );
  const widths = widthsOf(shown);
  const lines = [headings, ...shown].map((row) => lineOf(row, columns, widths, { colour, width }));
  const left = rows.length - shown.length;
  const more = left === 0 ? [] : [cut(`… and ${left} more`, width)];
  return `${[...lines, ...more, '', cut(closingOf(statuses, unreadable), width)].join('\n')}\n`;
}

/** The order of the rows: down; needs our fix; works with a problem; off or unknown; works. */
const LOOKS: readonly Look[] = ['bad', 'ours', 'warn', 'off', 'ok'];

function widthsOf(rows: readonly (readonly Cell[])[]): number[] {
  return COLUMNS.map(({ heading }, column) =>
    Math.max(heading.length, ...rows.map((row) => widthOf(row[column]?.text ?? ''))),
  );
}

/** Indexes of the columns that fit. Figures are left out to keep the reason. */
function columnsFor(rows: readonly (readonly Cell[])[], width: number | null): number[] {
  const widths = widthsOf(rows);
  const wide = (columns: readonly number[]) =>
    columns.reduce(
      (sum, column) =>
        sum + GAP.length + (column === WHY ? Math.min(LEAST_WHY, widths[WHY] ?? 0) : (widths[column] ?? 0)),
      -GAP.length,
    );
  let columns = COLUMNS.map((_, place) => place);
  const leaving = columns
    .filter((place) => COLUMNS[place]?.leftOut !== undefined)
    .sort((a, b) => (COLUMNS[a]?.leftOut ?? 0) - (COLUMNS[b]?.leftOut ?? 0));
  for (const place of leaving) {
    if (width === null || wide(columns) <= width) break;
    columns = columns.filter((one) => one !== place);
  }
  return columns;
}

/** Whether each enabled provider is known to work now. */
export function areAllUsable(statuses: readonly AgedStatus[], unreadable: readonly Unreadable[]): boolean {
  return unreadable.length === 0 && statuses.every((status) => !status.enabled || isUsable(status));
}

function isUsable({ isHealthy, stale }: AgedStatus): boolean {
  return isHealthy && !stale;
}

function rowOf(status: AgedStatus, now: Date): Cell[] {
  const { lastCheck, medianResponseMs, recent } = status;
  const look = lookOf(status);
  const style = STYLES[look];
  const number = (text: string): Cell => ({ text, isNumber: true });
  return [
    { text: MARKS[look], style },
    { text: status.provider },
    { text: wordOf(status).toLowerCase(), style },
    { text: lastCheck ? durationText(Math.max(0, now.getTime() - Date.parse(status.since))) : '' },
    { text: sparkline(recent), style: recent.isHealthy.includes(false) ? 'yellow' : 'cyan' },
    number(lastCheck?.isHealthy ? responseText(lastCheck.responseTimeMs) : '–'),
    number(medianResponseMs === null ? '–' : responseText(medianResponseMs)),
    number(recent.isHealthy.length === 0 ? '–' : percentText(status.successRate * 100)),
    number(scoreText(status.routingScore)),
    number(healthScoreText(status)),
    number(lastCheck ? `${durationText(status.ageMs)} ${status.fromFuture ? 'ahead' : 'ago'}` : 'never'),
    { text: whyOf(status, now) },
  ];
}

function unreadableRow({ provider, reason }: Unreadable): Cell[] {
  const start: Cell[] = [
    { text: MARKS.off, style: STYLES.off },
    { text: provider },
    { text: 'unreadable', style: STYLES.off },
  ];
  const blank = COLUMNS.slice(start.length, -1).map((): Cell => ({ text: '' }));
  return [...start, ...blank, { text: safeMessage(reason, []) }];
}

/** The reason in one line. Control characters are removed from a provider's words, since a terminal obeys them. */
function whyOf(status: AgedStatus, now: Date): string {
  const reason = reasonOf(status, now);
  if (reason === null) return '';
  const fault = reason.fault === null ? '' : `, ${FAULT_WORDS[reason.fault]}`;
  return `${reason.title}${fault}${reason.detail ? `: ${safeMessage(reason.detail, [])}` : ''}`;
}

/** Draws the last 20 response times as bars, relative to the longest. A failed check is a cross. */
export function sparkline({ responseTimesMs, isHealthy }: RecentChecks): string {
  const top = Math.max(1, ...responseTimesMs.map((time) => time ?? 0));
  return isHealthy
    .map((healthy, index) => {
      if (!healthy) return FAILED;
      const time = responseTimesMs[index] ?? null;
      return time === null ? '·' : (BARS[Math.min(BARS.length - 1, Math.floor((time / top) * BARS.length))] ?? '');
    })
    .join('');
}

function lineOf(
  row: readonly Cell[],
  columns: readonly number[],
  widths: readonly number[],
  { colour, width }: { colour: boolean; width: number | null },
): string {
  let left = width ?? Number.POSITIVE_INFINITY;
  const cells = columns.map((column) => {
    const { text, style, isNumber } = row[column] ?? { text: '' };
    const wide = widths[column] ?? 0;
    const blank = ' '.repeat(column === WHY ? 0 : Math.max(0, wide - widthOf(text)));
    const shown = cut(isNumber ? blank + text : text + blank, left);
    left = Math.max(0, left - wide - GAP.length);
    return colour && style && shown.trim() !== '' ? styleText(style, shown, { validateStream: false }) : shown;
  });
  return cells.join(GAP).trimEnd();
}

/** Characters that take two columns: East Asian scripts, full-width forms and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** The width of a text in a terminal, in columns. */
function widthOf(text: string): number {
  return [...text].reduce((sum, one) => sum + (WIDE.test(one) ? 2 : 1), 0);
}

/** Cuts a text to a width, with an ellipsis as its last character. */
function cut(text: string, width: number | null): string {
  if (width === null || widthOf(text) <= width) return text;
  let shown = '';
  let used = 0;
  for (const one of text) {
    used += widthOf(one);
    if (used > width - 1) break;
    shown += one;
  }
  return width > 0 ? `${shown}…` : '';
}

function closingOf(statuses: readonly AgedStatus[], unreadable: readonly Unreadable[]): string {
  const enabled = statuses.filter((status) => status.enabled);
  const more = unreadable.length === 0 ? '' : `, ${unreadable.length} unreadable`;
  return `${enabled.filter(isUsable).length} of ${enabled.length} usable${more}`;
}
