/** Formats checks as a table for the terminal: one row each. The reason is the last column, since it is the longest. */

import type { HealthCheck } from '../../health/check.ts';
import type { State } from '../../health/transition.ts';
import { inStateColour } from '../../local/state-colour.ts';
import { tableLines } from '../table.ts';

export interface CheckedProvider {
  check: HealthCheck;
  /** The state that this check alone gives to an unknown provider. */
  state: State;
}

const HEADINGS = ['PROVIDER', 'MODEL', 'STATE', 'TIME', 'CATEGORY', 'FAULT', 'MESSAGE'] as const;

const STATE_COLUMN = HEADINGS.indexOf('STATE');
const TIME_COLUMN = HEADINGS.indexOf('TIME');

/**
 * The table and a line with the totals, with a final newline.
 *
 * @param colour Whether the terminal shows colours. Only the state is coloured.
 */
export function tableOf(checked: readonly CheckedProvider[], colour: boolean): string {
  const paint = (cell: string, row: number, column: number) => {
    const state = checked[row - 1]?.state;
    return colour && column === STATE_COLUMN && state !== undefined ? inStateColour(state, cell) : cell;
  };
  const lines = tableLines([HEADINGS, ...checked.map(rowOf)], { right: [TIME_COLUMN], paint });
  const healthy = checked.filter(({ check }) => check.isHealthy).length;
  return [...lines, '', `${healthy} of ${checked.length} healthy`, ''].join('\n');
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
