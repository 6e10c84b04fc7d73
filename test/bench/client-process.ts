/** The measuring side: one process, one contender. It says when it is ready; each message makes it probe every provider. */

import { collectOnRequest } from '../../lib/base/garbage.ts';
import { checkerTick } from './checker-client.ts';
import type { Tick } from './client.ts';
import { fetchTick, undiciTick } from './plain-clients.ts';
import type { ClientOrder, ClientReport } from './protocol.ts';

// What is deployed has no source maps either; tsx switches them on, and errors would cost several times as much.
process.setSourceMapsEnabled(false);
// As the check function does.
collectOnRequest();
// Nothing is left when the benchmark ends early.
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
    case 'undici + table':
      return undiciTick(order.ports, order.table);
    case 'ours':
    case 'ours + table':
      return checkerTick(order, { resume: true });
    case 'ours (full TLS)':
    case 'ours (full TLS) + table':
      return checkerTick(order, { resume: false });
  }
}
