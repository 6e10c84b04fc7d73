/**
 * Parses the flags of a command, and lists every mistake at once. Not here: rules between several flags (each command's
 * options.ts).
 */

import { parseArgs } from 'node:util';

interface Option {
  type: 'string' | 'boolean';
  /** One letter, as in `-h`. */
  short?: string;
}

export interface CommandLine<Name extends string> {
  isHelpAsked: boolean;
  /** One sentence for each mistake found so far. A command appends its own. */
  mistakes: string[];
  /** Whether the option is given, with a value or without. */
  isGiven(name: Name): boolean;
  /** Whether a flag without a value is given. */
  isSet(name: Name): boolean;
  /** The option's value. Null: not given, or given without a value, which adds a mistake. */
  text(name: Name): string | null;
  /** A number from `least` to `most`; anything else adds a mistake. Null: as in `text`. */
  number(name: Name, [least, most]: readonly [number, number]): number | null;
  /** Like `number`, but only digits: no decimals, exponents or signs. */
  wholeNumber(name: Name, [least, most]: readonly [number, number]): number | null;
  /** One of the words; anything else adds a mistake. Null: as in `text`, and after a mistake. */
  oneOf<Word extends string>(name: Name, words: readonly Word[]): Word | null;
  /** A value for which `is` holds; any other value adds a mistake. Null: as in `text`, and after a mistake. */
  valid(name: Name, is: (text: string) => boolean, expected: string): string | null;
}

export function readCommandLine<Name extends string>(
  args: readonly string[],
  options: Readonly<Record<Name | 'help', Option>>,
): CommandLine<Name> {
  const known: Readonly<Record<string, Option>> = options;
  // Strict parsing would stop at the first mistake.
  const { values, tokens } = parseArgs({ args: [...args], options: known, strict: false, tokens: true });
  const mistakes = tokens.flatMap((token, index) => {
    if (token.kind === 'positional') return [`"${token.value}": expected an option.`];
    if (token.kind !== 'option') return [];
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (!option) return [`${token.rawName}: there is no such option.`];
    const isFlag = option.type === 'boolean';
    if (isFlag && token.value !== undefined) return [`--${token.name}: expected no value, got "${token.value}".`];
    if (!isFlag && !token.value) return [`--${token.name}: expected a value, got none.`];
    const isRepeated = tokens.slice(0, index).some((other) => other.kind === 'option' && other.name === token.name);
    return isRepeated ? [`--${token.name}: expected once, got it again.`] : [];
  });

  function text(name: Name): string | null {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? value : null;
  }

  function number(name: Name, [least, most]: readonly [number, number]): number | null {
    const given = text(name);
    if (given === null) return null;
    const value = Number(given);
    // NaN must be refused too. It fails every comparison, so the condition says what is allowed.
    if (!(value >= least && value <= most)) refuse(name, `a number from ${least} to ${most}`);
    return value;
  }

  function wholeNumber(name: Name, [least, most]: readonly [number, number]): number | null {
    const is = (given: string) => /^\d+$/.test(given) && Number(given) >= least && Number(given) <= most;
    const given = valid(name, is, `a whole number from ${least} to ${most}`);
    return given === null ? null : Number(given);
  }

  function oneOf<Word extends string>(name: Name, words: readonly Word[]): Word | null {
    const given = valid(name, (word) => words.some((one) => one === word), words.join(', '));
    return given as Word | null;
  }

  function valid(name: Name, is: (text: string) => boolean, expected: string): string | null {
    const given = text(name);
    if (given === null || is(given)) return given;
    refuse(name, expected);
    return null;
  }

  function refuse(name: Name, expected: string): void {
    mistakes.push(`--${name}: expected ${expected}, got "${text(name)}".`);
  }

  return {
    isHelpAsked: Boolean(values.help),
    mistakes,
    isGiven: (name) => values[name] !== undefined,
    isSet: (name) => values[name] === true,
    text,
    number,
    wholeNumber,
    oneOf,
    valid,
  };
}

export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
