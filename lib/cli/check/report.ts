/** Formats checks as a table for the terminal: one row each. The reason is the last column, since it is the longest. */

import { styleText } from 'node:util';
import type { HealthCheck } from '../../health/check.ts';
import type { State } from '../../health/transition.ts';

export interface CheckedProvider {
  check: HealthCheck;
  /** The state that this check alone gives to an unknown provider. */
  state: State;
}

const HEADINGS = ['PROVIDER', 'MODEL', 'STATE', 'TIME', 'CATEGORY', 'FAULT', 'MESSAGE'] as const;

const COLOURS = {
  unknown: 'gray',
  healthy: 'green',
  degraded: 'yellow',
  unhealthy: 'red',
  blacklisted: 'magenta',
} as const satisfies Record<State, string>;

/** Only the state is coloured. */
const STATE_COLUMN = HEADINGS.indexOf('STATE');

/** The table and a line with the totals, with a final newline. @param colour Whether the terminal shows colours. */
export function tableOf(checked: readonly CheckedProvider[], colour: boolean): string {
  const rows = checked.map(rowOf);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[], paint: (cell: string) => string) =>
    cells
      .map((cell, column) => {
        const padded =
          column === HEADINGS.indexOf('TIME') ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
        return column === STATE_COLUMN ? paint(padded) : padded;
      })
      .join('  ')
      .trimEnd();
  const lines = rows.map((row, index) => {
    const state = checked[index]?.state ?? 'unknown';
    return line(row, (cell) => (colour ? styleText(COLOURS[state], cell) : cell));
  });
  const healthy = checked.filter(({ check }) => check.isHealthy).length;
  return [line(HEADINGS, (cell) => cell), ...lines, '', `${healthy} of ${checked.length} healthy`, ''].join('\n');
}

function rowOf({ check, state }: CheckedProvider): string[] {
  return [
    check.provider,
    check.model,
    state,
    `${check.responseTimeMs} ms`,
    check.category ?? '',
    check.fault ?? '',
    check.errorMessage ?? check.warning ?? '',
  ];
}
