/** Judges the finish reason of an answer. */

import { first } from '../base/first.ts';
import type { Category } from '../health/category.ts';
import { type Indexes, indexes } from './match.ts';
import type { Scope } from './scope.ts';
import { folded } from './signature.ts';

/** The category of a finish reason; null when it is not a failure. */
export function judgeFinish(reason: string, { writers }: Scope, using: Indexes = indexes()): Category | null {
  const { of, common } = using;
  const key = folded(`finish:${reason}`);
  return first([...writers.flatMap(of), common], ({ codes }) => codes.get(key)?.[0]?.category ?? null);
}
