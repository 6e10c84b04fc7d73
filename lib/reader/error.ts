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
type Rule = readonly [is: (value: unknown) => unknown, expected: string];

/** The options that there are. */
export type Rules = Readonly<Record<string, Rule>>;

export const FUNCTION: Rule = [(value) => typeof value === 'function', 'a function'];

/** Options that may be anything, or are checked by themselves. */
export function anything(...names: readonly string[]): Rules {
  return Object.fromEntries(names.map((name) => [name, [() => true, '']]));
}

export function within(least: number, most: number): Rule {
  return [
    (value) => Number.isFinite(value) && Number(value) >= least && Number(value) <= most,
    `a number from ${least} to ${most}`,
  ];
}

export function oneOf(...values: readonly unknown[]): Rule {
  return [(value) => values.includes(value), values.join(' or ')];
}

/** A misspelt option would have no effect, so it is refused too. @throws {ReaderError} */
export function expectOptions(rules: Rules, options: object, where = ''): void {
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) && rules[name];
    if (!rule) throw new ReaderError(where + name, `expected ${Object.keys(rules).join(' or ')}, got another option.`);
    expect(value === undefined || rule[0](value), where + name, rule[1], value);
  }
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
