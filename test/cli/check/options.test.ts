import { describe, expect, test } from 'vitest';
import { parseCheckOptions, USAGE } from '../../../lib/cli/check/options.ts';

const parse = (line: string) => parseCheckOptions(line === '' ? [] : line.split(' '));

describe('the command line of a check', () => {
  test.each([
    ['--config a.json', { json: false, timeoutSeconds: null, failOn: 'degraded', allowPrivateNetwork: false }],
    ['--config=a.json --json', { json: true, timeoutSeconds: null, failOn: 'degraded', allowPrivateNetwork: false }],
    [
      '--allow-private-network --timeout-seconds 2.5 --config a.json',
      { json: false, timeoutSeconds: 2.5, failOn: 'degraded', allowPrivateNetwork: true },
    ],
    [
      '--config a.json --fail-on unhealthy',
      { json: false, timeoutSeconds: null, failOn: 'unhealthy', allowPrivateNetwork: false },
    ],
  ])('%s', (line, options) => {
    expect(parse(line)).toEqual({ kind: 'run', options: { configFile: 'a.json', ...options } });
  });

  test.each(['--help', '-h', '--config a.json --help'])('%s asks for help', (line) => {
    expect(parse(line)).toEqual({ kind: 'help' });
  });

  const NONE = '--config: expected the path of a providers.json, got none.';
  const TIMEOUT = '--timeout-seconds: expected a number from 0.1 to 600, got';
  test.each([
    ['', [NONE]],
    ['--json', [NONE]],
    ['--config', ['--config: expected a value, got none.']],
    ['--config=', ['--config: expected a value, got none.']],
    ['--config a.json --config b.json', ['--config: expected once, got it again.']],
    ['a.json', ['"a.json": expected an option.', NONE]],
    ['--config a.json b.json', ['"b.json": expected an option.']],
    ['--config a.json --jsn', ['--jsn: there is no such option.']],
    ['--config a.json --json=yes', ['--json: expected no value, got "yes".']],
    ['--config a.json --timeout-seconds 0', [`${TIMEOUT} "0".`]],
    ['--config a.json --timeout-seconds 601', [`${TIMEOUT} "601".`]],
    ['--config a.json --timeout-seconds ten', [`${TIMEOUT} "ten".`]],
    ['--config a.json --timeout-seconds Infinity', [`${TIMEOUT} "Infinity".`]],
    ['--config a.json --timeout-seconds', ['--timeout-seconds: expected a value, got none.']],
    ['--config a.json --fail-on never', ['--fail-on: expected degraded, unhealthy, got "never".']],
    ['--foo --timeout-seconds 0', ['--foo: there is no such option.', NONE, `${TIMEOUT} "0".`]],
  ])('%j is refused, and every mistake is named', (line, mistakes) => {
    expect(parse(line)).toEqual({ kind: 'misused', mistakes });
  });

  test('is described in full by its usage', () => {
    for (const option of [
      '--config',
      '--json',
      '--fail-on',
      '--timeout-seconds',
      '--allow-private-network',
      '--help',
    ]) {
      expect(USAGE).toContain(`\n  ${option} `);
    }
  });
});
