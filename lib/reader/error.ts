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

/** @throws {ReaderError} */
export function expectNumber(option: string, value: unknown, least: number, most: number): void {
  const is = value === undefined || (Number.isFinite(value) && Number(value) >= least && Number(value) <= most);
  expect(is, option, `a number from ${least} to ${most}`, value);
}

/** @throws {ReaderError} */
export function expectIds(value: unknown): void {
  const ids: unknown[] = Array.isArray(value) ? value : [];
  const isEach = ids.every((id) => typeof id === 'string' && PROVIDER_ID.test(id));
  const are = isEach && ids.length > 0 && new Set(ids).size === ids.length;
  expect(are, 'providers', "different ids of providers, at least one, such as ['openai', 'claude']", value);
}
