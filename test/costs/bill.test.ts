import { describe, expect, it } from 'vitest';
import { billOf, billText } from '../../lib/costs/bill.ts';
import { PRICES } from '../../lib/costs/prices.ts';
import { monthlyUsage } from '../../lib/costs/usage.ts';
import { provider } from '../support/builders.ts';

const fleet = (count: number, settings = {}) =>
  Array.from({ length: count }, (_, i) => provider({ id: `p${i}`, model: 'gpt-6-luna', ...settings }));

const MINUTE = { tickSeconds: 60 };

describe('the usage of a month', () => {
  it('counts a check for each interval, or for each tick where ticks are rarer', () => {
    const perMinute = monthlyUsage(fleet(100), MINUTE);
    expect(monthlyUsage(fleet(100, { intervalSeconds: 30 }), MINUTE).writeUnits).toBe(perMinute.writeUnits);
    expect(monthlyUsage(fleet(100, { intervalSeconds: 120 }), MINUTE).writeUnits).toBeLessThan(
      0.55 * perMinute.writeUnits,
    );
    expect(monthlyUsage(fleet(100, { enabled: false }), MINUTE).tokens).toEqual([]);
  });

  it('has a function and its ticks for each shard', () => {
    const [one, four] = [
      monthlyUsage(fleet(250), { ...MINUTE, shards: 1, memoryMiB: 1024 }),
      monthlyUsage(fleet(250), { ...MINUTE, shards: 4, memoryMiB: 1024 }),
    ];
    expect(four.invocations).toBe(4 * one.invocations);
    expect(four.gibSeconds).toBe(4 * one.gibSeconds);
  });

  it('has less memory where a shard has few providers, unless another is set', () => {
    const perInvocation = (count: number, memoryMiB?: number) => {
      const { gibSeconds, invocations } = monthlyUsage(fleet(count), { ...MINUTE, shards: 1, memoryMiB });
      return gibSeconds / invocations;
    };
    expect(perInvocation(250) / perInvocation(10)).toBeCloseTo(1769 / 512);
    expect(perInvocation(10, 1769)).toBeCloseTo(perInvocation(250));
  });

  it('reads no more for each provider when shards are many', () => {
    const perProvider = (count: number) => monthlyUsage(fleet(count), MINUTE).readUnits / count;
    expect(perProvider(10_000)).toBeLessThan(1.2 * perProvider(1000));
  });

  it('uses no tokens for lists of models, few with rare completions, and never more than a day allows', () => {
    const tokens = (settings: object) => monthlyUsage(fleet(1, settings), MINUTE).tokens[0]?.input ?? Number.NaN;
    expect(tokens({ probe: 'models' })).toBe(0);
    expect(tokens({ completionEverySeconds: 600 })).toBeCloseTo(tokens({}) / 10);
    expect(tokens({ maxTokensPerDay: 1600 })).toBeCloseTo((1600 / 16) * 14 * (730 / 24));
  });
});

describe('the bill', () => {
  it('is usage times price, line by line, with the tokens apart', () => {
    const usage = {
      writeUnits: 2e6,
      readUnits: 8e6,
      invocations: 1e6,
      gibSeconds: 1000,
      logGib: 2,
      tokens: [{ model: 'm', input: 1e6, output: 2e6 }],
    };
    const bill = billOf(usage, { m: { input: 3, output: 5 } });
    expect(bill.lines.map(({ dollars }) => dollars)).toEqual([1.25, 1, 1000 * PRICES.gibSecond, 0.2, 1]);
    expect(bill.monitor).toBeCloseTo(3.45 + 1000 * PRICES.gibSecond);
    expect(bill.tokens).toBe(13);
  });

  it('keeps within what ten, a hundred and a thousand providers may cost', () => {
    expect(billOf(monthlyUsage(fleet(10), MINUTE)).monitor).toBeLessThan(1.2);
    expect(billOf(monthlyUsage(fleet(100), MINUTE)).monitor).toBeLessThan(5.5);
    expect(billOf(monthlyUsage(fleet(1000), MINUTE)).monitor).toBeLessThan(45);
  });

  it('says in one sentence what, when and what not', () => {
    const text = billText(billOf(monthlyUsage(fleet(10), MINUTE)));
    expect(text).toMatch(
      /^about \$\d+\.\d\d a month and \$\d+\.\d\d of tokens, at list prices of us-east-1 \(\d{4}-\d\d\): /,
    );
    expect(text).toContain('not in it');
  });
});
