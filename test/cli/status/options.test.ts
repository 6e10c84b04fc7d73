import { describe, expect, it } from 'vitest';
import { parseStatusOptions } from '../../../lib/cli/status/options.ts';

const URL = 'http://127.0.0.1:3000';

describe('the command line of status', () => {
  it('asks the API of a URL, without its trailing slash', () => {
    expect(parseStatusOptions(['--url', `${URL}/prod/`])).toEqual({
      kind: 'run',
      options: {
        target: { kind: 'api', url: `${URL}/prod`, auth: 'none', tokenVariable: 'PROVIDER_HEALTH_TOKEN' },
        tag: null,
        json: false,
        watchSeconds: null,
      },
    });
  });

  it('reads a table', () => {
    const args = ['--table', 'health', '--region', 'eu-west-1', '--endpoint', URL, '--tag', 'fast', '--json'];
    expect(parseStatusOptions(args)).toEqual({
      kind: 'run',
      options: {
        target: { kind: 'table', tableName: 'health', region: 'eu-west-1', endpoint: URL },
        tag: 'fast',
        json: true,
        watchSeconds: null,
      },
    });
  });

  it.each([
    [['--watch'], 5],
    [['--watch', '--every-seconds', '30'], 30],
    [['--every-seconds', '1'], 1],
  ])('with %j prints again every %i s', (args, watchSeconds) => {
    expect(parseStatusOptions(['--url', URL, ...args])).toMatchObject({ options: { watchSeconds } });
  });

  it.each([
    [[], '--url, --table: expected one of them, got none.'],
    [['--url', URL, '--table', 't'], '--url, --table: expected one of them, got both.'],
    [['--url', 'ftp://host'], '--url: expected an http:// or https:// URL, got "ftp://host".'],
    [['--url', 'monitor'], '--url: expected an http:// or https:// URL, got "monitor".'],
    [['--url', URL, '--region', 'eu-west-1'], '--region: goes with --table only.'],
    [['--table', 't', '--auth', 'iam'], '--auth: goes with --url only.'],
    [['--url', URL, '--auth', 'basic'], '--auth: expected none, iam, bearer, got "basic".'],
    [['--url', URL, '--every-seconds', '0'], '--every-seconds: expected a number from 1 to 3600, got "0".'],
    [['--url', URL, '--every-seconds', 'often'], '--every-seconds: expected a number from 1 to 3600, got "often".'],
    [['--url', URL, '--json=yes'], '--json: expected no value, got "yes".'],
    [['--url', URL, '--tag'], '--tag: expected a value, got none.'],
    [['--url', URL, '--tag', 'a', '--tag', 'b'], '--tag: expected once, got it again.'],
    [['--url', URL, '--colour'], '--colour: there is no such option.'],
    [['--url', URL, 'fast'], '"fast": expected an option.'],
  ])('refuses %j', (args, mistake) => {
    expect(parseStatusOptions(args)).toEqual({ kind: 'misused', mistakes: [mistake] });
  });

  it('names every mistake at once', () => {
    const command = parseStatusOptions(['--url', 'x', '--auth', 'y', '--frob']);
    expect(command).toMatchObject({ kind: 'misused' });
    expect(command.kind === 'misused' && command.mistakes).toHaveLength(3);
  });

  it.each([['--help'], ['-h']])('prints its usage with %s', (flag) => {
    expect(parseStatusOptions([flag])).toEqual({ kind: 'help' });
  });
});
