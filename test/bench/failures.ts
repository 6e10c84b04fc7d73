/** How much time it takes to judge one failed answer: usual answers, and the worst possible ones of 64 KiB. */

import { judge } from '../../lib/failures/match.ts';
import { headerReader, retryAfterBodyMs, retryAfterWordsMs } from '../../lib/failures/retry-after.ts';
import { scopeOf } from '../../lib/failures/scopes.ts';
import { unwrap } from '../../lib/failures/unwrap.ts';
import type { ProviderType } from '../../lib/health/provider.ts';
import { ANSWERS } from '../failures/cases/cases.ts';
import { HOSTILE } from '../failures/hostile.ts';

const BYTES = 65_536;
const NOW = new Date(0);

export async function benchFailures(): Promise<void> {
  const usual = ANSWERS.filter(({ status }) => status !== 200).map((one) => ({
    ...one,
    text: typeof one.body === 'string' ? one.body : JSON.stringify(one.body),
  }));
  const times = usual.map(({ id, type, status, text }) => ({
    id,
    us: 1000 * typicalMs(() => judgeOne(text, status, type)),
  }));
  times.sort((one, other) => one.us - other.us);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))];
  console.log(`failures: ${times.length} usual answers, microseconds each`);
  for (const share of [0.5, 0.9, 1]) console.log(`  p${share * 100}: ${at(share)?.us.toFixed(1)} (${at(share)?.id})`);

  const before = process.memoryUsage().heapUsed;
  const worst = Object.entries(HOSTILE).map(([name, make]) => {
    const body = make(BYTES);
    return { name, ms: typicalMs(() => judgeOne(body, 400, 'openai-compatible')) };
  });
  worst.sort((one, other) => other.ms - one.ms);
  console.log(`failures: ${worst.length} bodies of 64 KiB made on purpose, milliseconds each`);
  for (const { name, ms } of worst.slice(0, 5)) console.log(`  ${ms.toFixed(2)} ${name}`);
  console.log(
    `  heap grown by ${((process.memoryUsage().heapUsed - before) / 1e6).toFixed(1)} MB before it is collected`,
  );
}

function judgeOne(body: string, statusCode: number, type: ProviderType): void {
  const layers = unwrap(body);
  judge({ statusCode, header: headerReader({}), layers }, scopeOf(type));
  retryAfterWordsMs(layers);
  retryAfterBodyMs(layers, NOW);
}

/** The median of many runs, after some to warm up. */
function typicalMs(run: () => void): number {
  const times: number[] = [];
  for (let turn = 0; turn < 250; turn++) {
    const startedAt = performance.now();
    run();
    if (turn >= 50) times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
