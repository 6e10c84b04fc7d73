/** How statuses are shown in a terminal: one row each, aligned, the reason last since it is the longest. */

import { styleText } from 'node:util';
import { safeMessage } from '../../egress/message.ts';
import type { AgedStatus } from '../../health/aged-status.ts';
import type { RecentChecks } from '../../health/recent.ts';
import type { Unreadable } from '../../store/store.ts';
import { durationText, percentText, responseText, scoreText } from '../../wording/figures.ts';
import { type Look, lookOf, reasonOf, wordOf } from '../../wording/status-words.ts';
import { FAULT_WORDS } from '../../wording/terms.ts';

type Style = Parameters<typeof styleText>[0];

const STYLES: Record<Look, Style> = { ok: 'green', warn: 'yellow', bad: 'red', ours: 'magenta', off: 'gray' };
/** A shape for each look, since some readers see no colours. */
const MARKS: Record<Look, string> = { ok: '✓', warn: '!', bad: '✗', ours: '⚑', off: '–' };
const BARS = '▁▂▃▄▅▆▇█';
const FAILED = '×';
const GAP = '  ';

interface Cell {
  text: string;
  style?: Style;
  isNumber?: boolean;
}

const HEADINGS: readonly Cell[] = [
  { text: '' },
  { text: 'PROVIDER' },
  { text: 'STATE' },
  { text: 'FOR' },
  { text: 'LAST 20' },
  { text: 'RESPONSE', isNumber: true },
  { text: 'MEDIAN', isNumber: true },
  { text: 'GOOD', isNumber: true },
  { text: 'ROUTING', isNumber: true },
  { text: 'HEALTH', isNumber: true },
  { text: 'CHECKED', isNumber: true },
  { text: 'WHY' },
];

export interface ReportOptions {
  now: Date;
  /** Whether the terminal shows colours. */
  colour: boolean;
  /** Columns of the terminal; null: lines are as long as they are. */
  width: number | null;
}

/** The table with a closing line, ending in a line end. */
export function reportOf(
  statuses: readonly AgedStatus[],
  unreadable: readonly Unreadable[],
  { now, colour, width }: ReportOptions,
): string {
  const rows = [...statuses.map((status) => rowOf(status, now)), ...unreadable.map(unreadableRow)];
  const headings = HEADINGS.map((heading): Cell => ({ ...heading, style: 'dim' }));
  const widths = HEADINGS.map(({ text }, column) =>
    Math.max(text.length, ...rows.map((row) => [...(row[column]?.text ?? '')].length)),
  );
  const lines = [headings, ...rows].map((row) => lineOf(row, widths, { colour, width }));
  return `${[...lines, '', closingOf(statuses, unreadable)].join('\n')}\n`;
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
    number(scoreText(status.healthScore)),
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
  const blank = HEADINGS.slice(start.length, -1).map((): Cell => ({ text: '' }));
  return [...start, ...blank, { text: safeMessage(reason, []) }];
}

/** A terminal obeys control characters: providers' words come without. */
function whyOf(status: AgedStatus, now: Date): string {
  const reason = reasonOf(status, now);
  if (reason === null) return '';
  const whose = reason.fault === null ? '' : `, ${FAULT_WORDS[reason.fault]}`;
  return `${reason.title}${whose}${reason.detail ? `: ${safeMessage(reason.detail, [])}` : ''}`;
}

/** The last 20 response times, each as high as it is long beside the longest; a failed check is a cross. */
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
  widths: readonly number[],
  { colour, width }: Omit<ReportOptions, 'now'>,
): string {
  let left = width ?? Number.POSITIVE_INFINITY;
  const cells = row.map(({ text, style, isNumber }, column) => {
    const isLast = column === row.length - 1;
    const wide = widths[column] ?? 0;
    const padded = isLast ? text : isNumber ? text.padStart(wide) : padEnd(text, wide);
    const cut = [...padded].length > left ? `${[...padded].slice(0, Math.max(0, left - 1)).join('')}…` : padded;
    left = Math.max(0, left - wide - GAP.length);
    return colour && style && cut.trim() !== '' ? styleText(style, cut, { validateStream: false }) : cut;
  });
  return cells.join(GAP).trimEnd();
}

function padEnd(text: string, wide: number): string {
  return text + ' '.repeat(Math.max(0, wide - [...text].length));
}

function closingOf(statuses: readonly AgedStatus[], unreadable: readonly Unreadable[]): string {
  const enabled = statuses.filter((status) => status.enabled);
  const more = unreadable.length === 0 ? '' : `, ${unreadable.length} unreadable`;
  return `${enabled.filter(isUsable).length} of ${enabled.length} usable${more}`;
}
