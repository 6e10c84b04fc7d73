/**
 * The measuring side: one process for each compared program. It says when it is ready; with each message it probes
 * every provider.
 */

import { collectOnRequest } from '../../lib/base/garbage.ts';
import { checkerTick } from './checker-client.ts';
import type { Tick } from './client.ts';
import { fetchTick, undiciTick } from './plain-clients.ts';
import { inBatches, itemByItem } from './plain-writers.ts';
import type { ClientOrder, ClientReport } from './protocol.ts';

// The deployed code has no source maps either. tsx switches them on, and then errors would cost several times as much.
process.setSourceMapsEnabled(false);
// As the check function does.
collectOnRequest();
// So that no process remains when the benchmark ends early.
process.on('disconnect', () => process.exit());

const tick = await tickOf(JSON.parse(process.argv[2] ?? ''));
process.on('message', async () => {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const result = await tick();
  const tickMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  const rssMb = process.memoryUsage.rss() / 2 ** 20;
  process.send?.({ ...result, tickMs, cpuMs: (user + system) / 1000, rssMb } satisfies ClientReport);
});
process.send?.('ready');

async function tickOf(order: ClientOrder): Promise<Tick> {
  switch (order.contender) {
    case 'fetch':
      return fetchTick(order.ports);
    case 'undici':
      return undiciTick(order.ports, null);
    case 'undici + table':
      return undiciTick(order.ports, order.table && itemByItem(order.table));
    case 'undici, batches + table':
      return undiciTick(order.ports, order.table && inBatches(order.table));
    case 'ours':
    case 'ours + table':
      return checkerTick(order, { resume: true });
    case 'ours (full TLS)':
    case 'ours (full TLS) + table':
      return checkerTick(order, { resume: false });
  }
}
