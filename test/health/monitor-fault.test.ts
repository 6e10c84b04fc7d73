import { expect, it } from 'vitest';
import type { Category } from '../../lib/health/category.ts';
import { isMonitorSuspect } from '../../lib/health/monitor-fault.ts';
import { failedCheck, goodCheck } from '../support/builders.ts';

const failed = (category: Category, statusCode: number | null) => failedCheck(category, { statusCode });

it.each([
  ['were not sent, for want of a setting', failed('config', null), true],
  ['were answered by something else than the API', failed('config', 404), false],
  ['failed otherwise before an answer', failed('auth', null), false],
  ['were good', { ...goodCheck(), statusCode: null }, false],
  ['failed by their own network', failed('dns', null), true],
])('four timeouts beside two that %s make the monitor suspect or not', (_, other, isSuspect) => {
  const timeouts = Array.from({ length: 4 }, () => failed('timeout', null));
  expect(isMonitorSuspect([...timeouts, other, other])).toBe(isSuspect);
});

it('four of five are enough, and none of none is not', () => {
  const timeout = failed('timeout', null);
  expect(isMonitorSuspect([timeout, timeout, timeout, timeout, goodCheck()])).toBe(true);
  expect(isMonitorSuspect([timeout, timeout, timeout, goodCheck()])).toBe(false);
  expect(isMonitorSuspect([])).toBe(false);
  expect(isMonitorSuspect([failed('config', null)])).toBe(false);
});
