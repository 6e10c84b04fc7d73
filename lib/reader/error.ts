/** What is wrong with the options of a reader or of a failover: reported when it is made, never while it runs. */

import { PROVIDER_ID } from '../health/provider.ts';

/** Recognise it by `code`, since two copies of this class may be bundled into one program. */
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

/** @param got Only its kind is shown: it may be a secret that was mixed up with another option. @throws {ReaderError} */
export function expect(is: unknown, option: string, expected: string, got: unknown): void {
  if (is) return;
  const kind = got === null || got === undefined || typeof got === 'number' ? got : typeof got;
  throw new ReaderError(option, `expected ${expected}, got ${kind}.`);
}

/** What an option must be, where it is given. */
export type Rule = readonly [is: (value: unknown) => unknown, expected: string];

export const FUNCTION: Rule = [(value) => typeof value === 'function', 'a function'];
export const ANYTHING: Rule = [() => true, ''];

export function within(least: number, most: number): Rule {
  return [
    (value) => Number.isFinite(value) && Number(value) >= least && Number(value) <= most,
    `a number from ${least} to ${most}`,
  ];
}

export function oneOf(...values: readonly unknown[]): Rule {
  return [(value) => values.includes(value), values.join(' or ')];
}

/** @throws {ReaderError} */
export function expectEach(rules: Readonly<Record<string, Rule>>, options: object): void {
  for (const [name, [is, expected]] of Object.entries(rules)) {
    const value = (options as Record<string, unknown>)[name];
    expect(value === undefined || is(value), name, expected, value);
  }
}

/** @throws {ReaderError} */
export function expectIds(value: unknown): void {
  const are =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((id) => typeof id === 'string' && PROVIDER_ID.test(id)) &&
    new Set(value).size === value.length;
  expect(are, 'providers', "different ids of providers, at least one, such as ['openai', 'claude']", value);
}
