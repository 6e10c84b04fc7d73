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

/** A misspelt option would have no effect. @throws {ReaderError} */
export function expectNames(options: object, names: readonly string[], where = ''): void {
  const other = Object.keys(options).find((name) => !names.includes(name));
  if (other !== undefined) throw new ReaderError(where + other, `expected ${names.join(' or ')}, got another option.`);
}

/** @throws {ReaderError} */
export function expectIds(value: unknown): void {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const isOther = (id: unknown) => typeof id !== 'string' || !PROVIDER_ID.test(id);
  const got =
    (list !== value && typeof value) ||
    (list.length === 0 && 'none') ||
    (list.some(isOther) && 'one that is no id') ||
    (new Set(list).size < list.length && 'one twice');
  if (got) throw new ReaderError('providers', `expected different ids, such as ['openai', 'claude'], got ${got}.`);
}
