/** The columns of the exported lists. New columns go to the end, so that formulas for older files still work. */

import type { HealthCheck } from '../../health/check.ts';
import type { Transition } from '../../health/transition.ts';
import type { Cell } from './csv.ts';
import type { Columns } from './export.ts';

type CellOf<T> = readonly [name: string, cell: (item: T) => Cell];

const CHECK_CELLS: readonly CellOf<HealthCheck>[] = [
  ['timestamp', (check) => check.timestamp],
  ['provider', (check) => check.provider],
  ['model', (check) => check.model],
  ['isHealthy', (check) => check.isHealthy],
  ['responseTimeMs', (check) => check.responseTimeMs],
  ['category', (check) => check.category],
  ['fault', (check) => check.fault],
  ['statusCode', (check) => check.statusCode],
  ['errorMessage', (check) => check.errorMessage],
  ['trigger', (check) => check.trigger],
  ['attempts', (check) => check.attempts],
  ['probe', (check) => check.probe],
  ['dnsMs', (check) => check.timings.dnsMs],
  ['connectMs', (check) => check.timings.connectMs],
  ['tlsMs', (check) => check.timings.tlsMs],
  ['firstByteMs', (check) => check.timings.firstByteMs],
  ['firstTokenMs', (check) => check.timings.firstTokenMs],
  ['totalMs', (check) => check.timings.totalMs],
  ['inputTokens', (check) => check.tokens?.input ?? null],
  ['outputTokens', (check) => check.tokens?.output ?? null],
  ['tokensPerSecond', (check) => check.tokensPerSecond],
  ['newConnection', (check) => check.newConnection],
  ['uncertain', (check) => check.uncertain],
  ['maintenance', (check) => check.maintenance ?? false],
  ['requestId', (check) => check.requestId],
  ['warning', (check) => check.warning],
];

const TRANSITION_CELLS: readonly CellOf<Transition>[] = [
  ['at', (transition) => transition.at],
  ['provider', (transition) => transition.provider],
  ['from', (transition) => transition.from],
  ['to', (transition) => transition.to],
  ['category', (transition) => transition.category],
  ['fault', (transition) => transition.fault],
  ['errorMessage', (transition) => transition.errorMessage],
  ['lastedMs', (transition) => transition.lastedMs],
];

export const CHECK_COLUMNS: Columns<HealthCheck> = columnsOf(CHECK_CELLS);
export const TRANSITION_COLUMNS: Columns<Transition> = columnsOf(TRANSITION_CELLS);

function columnsOf<T>(cells: readonly CellOf<T>[]): Columns<T> {
  return { names: cells.map(([name]) => name), cells: (item) => cells.map(([, cell]) => cell(item)) };
}
