/** Checks the options of a reader or a failover. Mistakes are thrown at the start, never later. */

import { PROVIDER_ID } from '../health/provider.ts';

/** Recognise it by `code` instead of `instanceof`, because a program may contain two copies of this class. */
export class ReaderError extends Error {
  override readonly name = 'ReaderError';
  readonly code = 'bad_option';
  /** Which option, such as `providers`. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(`${option}: ${message}`);
    this.option = option;
  }
}

/**
 * @param got Only its type is shown, because it may be a secret in the wrong option.
 * @throws {ReaderError}
 */
export function expect(is: unknown, option: string, expected: string, got: unknown): void {
  if (is) return;
  const kind = got === null || got === undefined || typeof got === 'number' ? got : typeof got;
  throw new ReaderError(option, `expected ${expected}, got ${kind}.`);
}

/** A test for the value of an option, and what it expects. */
type Rule = readonly [is: (value: unknown) => unknown, expected: string];

/** The rules of all known options, by name. */
export type Rules = Readonly<Record<string, Rule>>;

export const FUNCTION: Rule = [(value) => typeof value === 'function', 'a function'];

/** An object that has these functions. */
export function having(what: string, ...names: readonly string[]): Rule {
  return [(value) => names.every((name) => FUNCTION[0](Object(value)[name])), what];
}

export const CLOCK: Rule = having('an object with now, monotonicMs and sleep', 'now', 'monotonicMs', 'sleep');

/** For an option without a test, or with one elsewhere. */
export const ANYTHING: Rule = [() => true, ''];

export function within(least: number, most: number): Rule {
  return [(value) => typeof value === 'number' && value >= least && value <= most, `a number from ${least} to ${most}`];
}

export function oneOf(...values: readonly unknown[]): Rule {
  return [(value) => values.includes(value), values.join(' or ')];
}

/** Checks options. Unknown ones are refused, because a misspelt option would have no effect. @throws {ReaderError} */
export function expectOptions(rules: Rules, options: object, where = ''): void {
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) && rules[name];
    if (!rule) throw new ReaderError(where + name, `expected ${Object.keys(rules).join(' or ')}, got another option.`);
    expect(value === undefined || rule[0](value), where + name, rule[1], value);
  }
}

/** @throws {ReaderError} */
export function expectIds(value: unknown): void {
  const ids: readonly unknown[] = Array.isArray(value) ? value : [];
  const isId = (id: unknown) => typeof id === 'string' && PROVIDER_ID.test(id);
  const got =
    (ids.length === 0 && 'none') ||
    (!ids.every(isId) && 'an invalid id') ||
    (new Set(ids).size < ids.length && 'an id twice');
  if (got) {
    throw new ReaderError('providers', `expected a list of different ids, such as ['openai', 'claude'], got ${got}.`);
  }
}
