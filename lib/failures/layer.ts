/** One error object or one sentence of an answer: what unwrap.ts finds, and match.ts judges. */

import type { Writer } from './catalogue/all.ts';

export interface Layer {
  /** How far inside it lay. */
  depth: number;
  /** Who wrote it, where the layer around it names it. */
  writer: Writer | null;
  /** That name as it stands there; null when there is none. */
  upstream: string | null;
  /** Codes, types and reasons, the most telling first; numbers as text. */
  codes: readonly string[];
  /** In the writer's own words; null when there are none. */
  message: string | null;
}
