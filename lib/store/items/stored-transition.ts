/** A transition inside a STATUS item: compact, with its time in epoch milliseconds. */

import type { Category, Fault } from '../../health/category.ts';
import type { HealthCheck } from '../../health/check.ts';
import { STATES, type State, type Transition } from '../../health/transition.ts';
import { CATEGORY, FAULT, lesserText } from './check-item.ts';
import { absentOr, compact, EPOCH_MS, FLAG, type Item, type Kinds, NUMBER, oneOf, TEXT } from './fields.ts';

export const STATE = oneOf(STATES);

export interface TransitionMap {
  from: State;
  to: State;
  at: number;
  lasted: number;
  /** The failure is the one that the last check tells. */
  check?: boolean;
  cat?: Category;
  fault?: Fault;
  err?: string;
}

export const TRANSITION: Kinds<TransitionMap> = {
  from: STATE,
  to: STATE,
  at: EPOCH_MS,
  lasted: NUMBER,
  check: absentOr(FLAG),
  cat: absentOr(CATEGORY),
  fault: absentOr(FAULT),
  err: absentOr(TEXT),
};

/**
 * The failure that the last check has already is not written again: `check` stands for it. An older one has its own,
 * cut shorter, since the last check's may be as long.
 */
export function transitionMap(transition: Transition, check: HealthCheck | null): Item {
  const { category, fault, errorMessage } = transition;
  const told =
    check !== null &&
    category !== null &&
    check.category === category &&
    check.fault === fault &&
    check.errorMessage === errorMessage;
  return compact({
    from: transition.from,
    to: transition.to,
    at: Date.parse(transition.at),
    lasted: transition.lastedMs,
    ...(told ? { check: true } : { cat: category, fault, err: errorMessage && lesserText(errorMessage) }),
  });
}
