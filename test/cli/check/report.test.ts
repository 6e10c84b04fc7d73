import { expect, it } from 'vitest';
import { tableOf } from '../../../lib/cli/check/report.ts';
import { failedCheck, goodCheck } from '../../support/builders.ts';

const CHECKED = [
  { check: goodCheck({ provider: 'alpha', responseTimeMs: 5 }), state: 'healthy' },
  { check: failedCheck('timeout', { provider: 'beta', responseTimeMs: 1200 }), state: 'unhealthy' },
] as const;

it('the table of checks colours each state where the terminal shows colours, and nothing else', () => {
  const plain = tableOf(CHECKED, false);
  const coloured = tableOf(CHECKED, true);
  expect(coloured).toContain('\u001b[32mhealthy  \u001b[39m');
  expect(coloured).toContain('\u001b[31munhealthy\u001b[39m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours begin with one.
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
});
