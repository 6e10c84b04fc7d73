/**
 * The benchmark: `npm run bench`, or one part of it by name, such as `npm run bench -- ticks`.
 *
 * It needs two cores to itself: the mock providers take one, the contender the other.
 */

import { benchBundles } from './bundles.ts';
import { benchCosts } from './costs.ts';
import { benchFailures } from './failures.ts';
import type { Contender, History } from './protocol.ts';
import { benchTicks, type Scenario } from './ticks.ts';

const CONTENDERS: readonly Contender[] = ['fetch', 'undici', 'ours'];
const WRONG_HISTORIES: readonly History[] = ['unknown', 'half', 'double'];
const TICKS = 5;

const PARTS: Record<string, () => Promise<void>> = {
  ticks: () => benchTicks(scenarios(), TICKS),
  costs: benchCosts,
  bundles: benchBundles,
  failures: benchFailures,
};

function scenarios(): Scenario[] {
  const compare = (sizes: readonly number[], warm: boolean): Scenario[] =>
    sizes.flatMap((providers) =>
      CONTENDERS.map((contender): Scenario => ({ contender, providers, warm, history: 'known' })),
    );
  const misled = [100, 500, 1000].flatMap((providers) =>
    WRONG_HISTORIES.map((history): Scenario => ({ contender: 'ours', providers, warm: false, history })),
  );
  return [...compare([10, 100, 500, 1000], false), ...compare([100, 500], true), ...misled];
}

const [, , ...chosen] = process.argv;
const unknown = chosen.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`unknown part ${unknown.join(', ')}: expected ${Object.keys(PARTS).join(', ')}, or nothing for all`);
  process.exit(2);
}
for (const [name, run] of Object.entries(PARTS)) {
  if (chosen.length === 0 || chosen.includes(name)) await run();
}
