/** A layer: one error object or one text in an answer. unwrap.ts finds the layers, and match.ts judges them. */

import type { Writer } from './catalogue/all.ts';

export interface Layer {
  /** How deep the layer is nested, from 0. */
  depth: number;
  /** The writer, if the layer around it names one that is known. */
  writer: Writer | null;
  /** The name of the writer in the answer; null when there is none. */
  upstream: string | null;
  /** Codes, types and reasons, the most specific first; numbers as text. */
  codes: readonly string[];
  /** The message in the writer's own words; null when there is none. */
  message: string | null;
}
