/** Building blocks of the schema. Each has one error text for all kinds of mistakes. */

import * as z from 'zod';
import { KEY_REFERENCE, parseKeyReference } from '../keys/reference.ts';

export function wholeNumber(unit: string, from: number, to: number) {
  const error = `expected a whole number of ${unit} from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

/** @param why The reason for the upper bound. */
export function seconds(from: number, to: number, why: string) {
  const error = `expected a number of seconds from ${from} to ${to} (${why})`;
  return z.number({ error }).min(from, { error }).max(to, { error });
}

/**
 * @param what Completes "expected …".
 * @param test A further test, beside the pattern.
 */
export function text(what: string, pattern: RegExp, test: (value: string) => boolean = () => true) {
  const error = `expected ${what}`;
  return z.string({ error }).regex(pattern, { error }).refine(test, { error });
}

/** A reference to a secret, or to a text that contains one. */
export function reference(what: string, example: string) {
  return text(
    `env:, ssm: or secret: and the name of ${what}, such as "${example}"`,
    KEY_REFERENCE,
    (name) => parseKeyReference(name) !== null,
  );
}

export function oneOf<const Values extends readonly [string, ...string[]]>(what: string, values: Values) {
  return z.enum(values, { error: `expected ${what}` });
}

export function flag() {
  return z.boolean({ error: 'expected true or false' });
}

export function list<Item extends z.ZodType>(what: string, item: Item, most: number) {
  const error = `expected a list of at most ${most} ${what}`;
  return z.array(item, { error }).max(most, { error });
}

export function tags() {
  return list(
    'tags',
    text('a tag of 1 to 32 letters, digits, ".", "_" and "-"', /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/),
    10,
  );
}

export function object<Shape extends z.ZodRawShape>(what: string, shape: Shape) {
  return z.strictObject(shape, { error: `expected ${what}` });
}
