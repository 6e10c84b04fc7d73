/**
 * The benchmark: `npm run bench`, or one part of it by name, such as `npm run bench -- ticks`; `npm run bench --
 * --quick` measures ticks of 250 providers for a minute.
 *
 * It needs two idle cores: the mock providers use one, the compared program the other. The table is on the providers'
 * core.
 */

import { benchBundles } from './bundles.ts';
import { benchBusy } from './busy.ts';
import { benchCosts } from './costs.ts';
import { benchFailures } from './failures.ts';
import { benchMemory } from './memory.ts';
import type { Contender, History } from './protocol.ts';
import { benchShards } from './shards.ts';
import { benchTicks, type Race } from './ticks.ts';
import { benchViews } from './views.ts';

const OURS: readonly Contender[] = ['ours', 'ours (full TLS)', 'ours + table', 'ours (full TLS) + table'];
const ALL: readonly Contender[] = ['fetch', 'undici', 'undici + table', 'undici, batches + table', ...OURS];
/** What a tick and its writes cost, beside plain programs that write as much, or nothing. */
const WITH_TABLE: readonly Contender[] = ['undici', 'undici, batches + table', 'ours + table'];
const WITHOUT_TABLE: readonly Contender[] = ['fetch', 'undici', 'ours'];
const WRONG_HISTORIES: readonly History[] = ['unknown', 'half', 'double'];
const TICKS = 5;
const QUICK_TICKS = 3;

const PARTS: Record<string, () => Promise<void>> = {
  table: () => benchTicks(compare([250, 500, 1000], false, WITH_TABLE), TICKS),
  ticks: () => benchTicks(races(), TICKS),
  shards: benchShards,
  busy: benchBusy,
  costs: benchCosts,
  bundles: benchBundles,
  failures: benchFailures,
  views: benchViews,
  memory: () => benchMemory(),
};

function compare(sizes: readonly number[], warm: boolean, contenders: readonly Contender[]): Race[] {
  return sizes.map((providers) => ({ contenders, providers, warm, history: 'known' }));
}

function races(): Race[] {
  const misled = [100, 500, 1000].flatMap((providers) =>
    WRONG_HISTORIES.map((history): Race => ({ contenders: ['ours'], providers, warm: false, history })),
  );
  return [
    ...compare([10, 100], false, WITHOUT_TABLE),
    ...compare([250, 500, 1000], false, ALL),
    ...compare([100, 500], true, WITHOUT_TABLE),
    ...misled,
  ];
}

function quickRaces(): Race[] {
  const contenders: readonly Contender[] = ['undici', 'undici + table', 'ours', 'ours + table'];
  return [{ contenders, providers: 250, warm: false, history: 'known' }];
}

const [, , ...chosen] = process.argv;
const unknown = chosen.filter((name) => name !== '--quick' && !(name in PARTS));
if (unknown.length > 0) {
  const known = [...Object.keys(PARTS), '--quick'].join(', ');
  console.error(`unknown part ${unknown.join(', ')}: expected ${known}, or nothing for all`);
  process.exit(2);
}
if (chosen.includes('--quick')) {
  await benchTicks(quickRaces(), QUICK_TICKS);
} else {
  for (const [name, run] of Object.entries(PARTS)) {
    // The races of `table` are among those of `ticks`.
    if (chosen.length === 0 ? name !== 'table' : chosen.includes(name)) await run();
  }
}
