import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../../lib/cli/start/options.ts';
import { StartError } from '../../../lib/local/start-error.ts';

function mistakesOf(...args: string[]): string[] {
  try {
    parseCommandLine(args);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    expect(error.exitStatus).toBe(2);
    expect(error.message).toMatch(/\n\nUsage: npm start/);
    return error.message.split('\n\nUsage')[0]?.split('\n') ?? [];
  }
  return [];
}

describe('the command line of the local monitor', () => {
  test('has defaults', () => {
    expect(parseCommandLine([])).toEqual({
      configFile: null,
      port: 3000,
      host: '127.0.0.1',
      tickSeconds: null,
      dynamodbEndpoint: null,
      tableName: 'provider-health',
    });
  });

  test('takes every option, with a space or with =', () => {
    const args = ['--config', 'p.json', '--port=0', '--host', '::1', '--tick-seconds=15', '--table', 'my.table-1'];
    expect(parseCommandLine([...args, '--dynamodb-endpoint', 'http://127.0.0.1:8000'])).toEqual({
      configFile: 'p.json',
      port: 0,
      host: '::1',
      tickSeconds: 15,
      dynamodbEndpoint: 'http://127.0.0.1:8000',
      tableName: 'my.table-1',
    });
  });

  test.each(['--help', '-h'])('%s asks for help, whatever else is there', (flag) => {
    expect(parseCommandLine(['--port', '1', flag])).toBe('help');
  });

  test.each([
    { args: ['--port', '70000'], mistake: '--port: expected a whole number from 0 to 65535, got "70000"' },
    { args: ['--port', '3e3'], mistake: '--port: expected a whole number from 0 to 65535, got "3e3"' },
    { args: ['--tick-seconds', '0'], mistake: '--tick-seconds: expected a whole number from 1 to 3600, got "0"' },
    { args: ['--tick-seconds', '1.5'], mistake: '--tick-seconds: expected a whole number from 1 to 3600, got "1.5"' },
    {
      args: ['--dynamodb-endpoint', 'localhost:8000'],
      mistake: expect.stringContaining('--dynamodb-endpoint: expected'),
    },
    { args: ['--table', 'a b'], mistake: expect.stringContaining('--table: expected 3 to 255') },
    { args: ['--config'], mistake: '--config: expected a value, got none' },
    { args: ['--config', 'a', '--config', 'b'], mistake: '--config: expected once, got it twice' },
    { args: ['--prot', '3000'], mistake: expect.stringMatching(/^--prot: no such option. There are --config, --port/) },
    { args: ['providers.json'], mistake: '"providers.json": expected an option. Write --name VALUE' },
    {
      args: ['--host', '0.0.0.0'],
      mistake: expect.stringMatching(/^--host: expected a loopback address .* got "0.0.0.0"/),
    },
    { args: ['--host', '192.168.0.1'], mistake: expect.stringContaining('deploy it to serve others') },
  ])('refuses $args', ({ args, mistake }) => {
    expect(mistakesOf(...args)).toContainEqual(mistake);
  });

  test('names every mistake at once', () => {
    expect(mistakesOf('--port', 'x', '--host', '10.0.0.1', '--bogus=1')).toHaveLength(3);
  });
});
