/** The colour of each state in the terminal. */

import { styleText } from 'node:util';
import type { State } from '../health/transition.ts';

const COLOURS = {
  unknown: 'gray',
  healthy: 'green',
  degraded: 'yellow',
  unhealthy: 'red',
  blacklisted: 'magenta',
} as const satisfies Record<State, string>;

/** Colours a text, also where stdout is no terminal: the caller decides whether colours are shown. */
export function inStateColour(state: State, text: string): string {
  return styleText(COLOURS[state], text, { validateStream: false });
}
