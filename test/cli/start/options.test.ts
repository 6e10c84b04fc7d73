import { describe, expect, test } from 'vitest';
import { parseStartOptions } from '../../../lib/cli/start/options.ts';
import { LOCAL_DEFAULTS } from '../../../lib/local/settings.ts';

function optionsOf(args: string[]) {
  const command = parseStartOptions(args);
  if (command.kind !== 'run') throw new Error(`expected options, got ${JSON.stringify(command)}`);
  return command.options;
}

function mistakesOf(...args: string[]): string[] {
  const command = parseStartOptions(args);
  return command.kind === 'misused' ? command.mistakes : [];
}

describe('the command line of the local monitor', () => {
  test('has defaults', () => {
    expect(optionsOf([])).toEqual({ ...LOCAL_DEFAULTS, json: false });
  });

  test('takes every option, with a space or with =', () => {
    const args = ['--config', 'p.json', '--port=0', '--host', '::1', '--tick-seconds=15', '--table', 'my.table-1'];
    expect(optionsOf([...args, '--json', '--dynamodb-endpoint', 'http://127.0.0.1:8000'])).toEqual({
      ...LOCAL_DEFAULTS,
      configFile: 'p.json',
      port: 0,
      host: '::1',
      tickSeconds: 15,
      dynamodbEndpoint: 'http://127.0.0.1:8000',
      tableName: 'my.table-1',
      json: true,
    });
    expect(optionsOf(['--data', 'd', '--retention-days', '30'])).toMatchObject({ dataFolder: 'd', retentionDays: 30 });
    const door = ['--host', '0.0.0.0', '--password', 'env:A', '--read-password', 'secret:b#c'];
    expect(optionsOf([...door, '--trusted-host', 'status.example.com,monitor', '--allow-private-network'])).toEqual({
      ...LOCAL_DEFAULTS,
      host: '0.0.0.0',
      password: 'env:A',
      readPassword: 'secret:b#c',
      trustedHosts: ['status.example.com', 'monitor'],
      allowPrivateNetwork: true,
      json: false,
    });
  });

  test.each(['--help', '-h'])('%s asks for help, beside any other option', (flag) => {
    expect(parseStartOptions(['--port', '1', flag])).toEqual({ kind: 'help' });
  });

  test.each([
    { args: ['--port', '70000'], mistake: '--port: expected a whole number from 0 to 65535, got "70000".' },
    { args: ['--port', '3e3'], mistake: '--port: expected a whole number from 0 to 65535, got "3e3".' },
    { args: ['--tick-seconds', '0'], mistake: '--tick-seconds: expected a whole number from 1 to 3600, got "0".' },
    { args: ['--tick-seconds', '1.5'], mistake: '--tick-seconds: expected a whole number from 1 to 3600, got "1.5".' },
    {
      args: ['--dynamodb-endpoint', 'localhost:8000'],
      mistake: expect.stringContaining('--dynamodb-endpoint: expected'),
    },
    { args: ['--table', 'a b'], mistake: expect.stringContaining('--table: expected 3 to 255') },
    {
      args: ['--read-password', 'env:B'],
      mistake: expect.stringMatching(/^--read-password: expected --password beside/),
    },
    { args: ['--trusted-host', 'a.example'], mistake: expect.stringMatching(/^--trusted-host: expected --password/) },
    {
      args: ['--password', 'env:A', '--trusted-host', 'https://a.example'],
      mistake: expect.stringMatching(/^--trusted-host: expected names such as .*, got "https:\/\/a.example"/),
    },
    {
      args: ['--password', 'correct horse battery'],
      mistake: '--password: expected a reference such as env:MONITOR_PASSWORD, got something else.',
    },
    { args: ['--retention-days', '1'], mistake: expect.stringContaining('expected a whole number from 2 to 3650') },
    {
      args: ['--data', 'd', '--dynamodb-endpoint', 'http://127.0.0.1:8000'],
      mistake: expect.stringContaining('--data: expected no --dynamodb-endpoint beside it'),
    },
    { args: ['--config'], mistake: '--config: expected a value, got none.' },
    { args: ['--config', 'a', '--config', 'b'], mistake: '--config: expected once, got it again.' },
    {
      args: ['--prot', '3000'],
      mistake: '--prot: there is no such option.',
    },
    { args: ['providers.json'], mistake: '"providers.json": expected an option.' },
    {
      args: ['--host', '0.0.0.0'],
      mistake: expect.stringMatching(/^--host: expected a loopback address .* got "0.0.0.0"/),
    },
    {
      args: ['--host', '192.168.0.1'],
      mistake: expect.stringContaining('all who reach the monitor may change it'),
    },
  ])('refuses $args', ({ args, mistake }) => {
    expect(mistakesOf(...args)).toContainEqual(mistake);
  });

  test('names every mistake at once', () => {
    expect(mistakesOf('--port', 'x', '--host', '10.0.0.1', '--bogus=1')).toHaveLength(3);
  });
});
