import { describe, expect, test } from 'vitest';
import { parseSelectOptions } from '../../../lib/cli/select/options.ts';

describe('the command line of select', () => {
  test('takes every option', () => {
    const args = [
      '--only',
      'a,b',
      '--exclude=c',
      '--tag',
      'eu',
      '--strategy',
      'weighted',
      '--when-stale',
      'last-known',
    ];
    expect(parseSelectOptions([...args, '--json', '--table', 'health', '--region', 'eu-central-1'])).toEqual({
      kind: 'run',
      options: {
        target: { kind: 'table', tableName: 'health', region: 'eu-central-1', endpoint: null },
        selection: { only: ['a', 'b'], exclude: ['c'], tag: 'eu', strategy: 'weighted', whenStale: 'last-known' },
        json: true,
      },
    });
  });

  test.each([
    [['--url', 'http://x', '--strategy', 'fastest'], '--strategy: expected best, weighted, got "fastest".'],
    [['--url', 'http://x', '--only', 'a,,b'], '--only: expected ids of providers, separated by commas, got "a,,b".'],
    [
      ['--url', 'http://x', '--when-stale', 'x'],
      '--when-stale: expected assume-healthy, last-known, assume-unhealthy, got "x".',
    ],
    [[], '--url, --table: expected one of them, got none.'],
    [['--url', 'nowhere'], '--url: expected an http:// or https:// URL, got "nowhere".'],
  ])('refuses %j', (args, mistake) => {
    expect(parseSelectOptions(args)).toEqual({ kind: 'misused', mistakes: [mistake] });
  });
});
