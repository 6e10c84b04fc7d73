/** Reads the flags of a command, and every mistake in them at once. What the flags mean together is each command's own. */

import { parseArgs } from 'node:util';

interface Option {
  type: 'string' | 'boolean';
  /** One letter, as in `-h`. */
  short?: string;
}

export interface CommandLine<Name extends string> {
  isHelpAsked: boolean;
  /** One sentence each, in the order in which they were found; a command adds its own. */
  mistakes: string[];
  /** Whether it is there at all, with a value or without. */
  isGiven(name: Name): boolean;
  /** Whether a flag without a value is there. */
  isSet(name: Name): boolean;
  /** Null: not given, or given without a value, which is among the mistakes. */
  text(name: Name): string | null;
  /** From `least` to `most`; anything else is added to the mistakes. Null: as in `text`. */
  number(name: Name, [least, most]: readonly [number, number]): number | null;
  /** The same, without decimals, exponents and signs. */
  wholeNumber(name: Name, [least, most]: readonly [number, number]): number | null;
  /** One of some words; anything else is added to the mistakes. Null: as in `text`. */
  oneOf<Word extends string>(name: Name, words: readonly Word[]): Word | null;
  /** Adds a mistake where a value is given that is not as expected. Null: as in `text`, and when it is not. */
  valid(name: Name, is: (text: string) => boolean, expected: string): string | null;
}

export function readCommandLine<Name extends string>(
  args: readonly string[],
  options: Readonly<Record<Name | 'help', Option>>,
): CommandLine<Name> {
  const known: Readonly<Record<string, Option>> = options;
  // Not strict: that stops at the first mistake.
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
    // Not the other way round: what is no number is neither below nor above.
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
