import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../lib/cli/flags.ts';

const OPTIONS = {
  name: { type: 'string' },
  count: { type: 'string' },
  loud: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const read = (...args: string[]) => readCommandLine(args, OPTIONS);

describe('a command line', () => {
  it('has the given options', () => {
    const line = read('--name=a', '--count', '2.5', '--loud');
    expect([line.text('name'), line.number('count', [0, 3]), line.isSet('loud')]).toEqual(['a', 2.5, true]);
    expect(line.mistakes).toEqual([]);
  });

  it('has null or false for options that were not given', () => {
    const line = read();
    expect([line.text('name'), line.number('count', [0, 3]), line.isSet('loud')]).toEqual([null, null, false]);
    expect([line.isGiven('name'), line.isHelpAsked, line.mistakes]).toEqual([false, false, []]);
  });

  it('knows that an option without its value was given, but has no text for it', () => {
    const line = read('--name');
    expect([line.isGiven('name'), line.text('name')]).toEqual([true, null]);
  });

  it('has every mistake, in the order in which it was made', () => {
    const line = read('stray', '--loud=yes', '--name=', '--count', '9', '--count', '4', '-x');
    line.number('count', [0, 3]);
    expect(line.mistakes).toEqual([
      '"stray": expected an option.',
      '--loud: expected no value, got "yes".',
      '--name: expected a value, got none.',
      '--count: expected once, got it again.',
      '-x: there is no such option.',
      '--count: expected a number from 0 to 3, got "4".',
    ]);
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'does not take --%s, which every object has, for an option',
    (name) => {
      expect(read(`--${name}=1`).mistakes).toEqual([`--${name}: there is no such option.`]);
    },
  );
});
