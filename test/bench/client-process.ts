/** The measuring side: one process, one contender. Each message makes it probe every provider once. */

import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { EVERY_KEY } from '../../lib/egress/key-rights.ts';
import { createProber } from '../../lib/probe/probe.ts';
import type { Prober } from '../../lib/probe/prober.ts';
import type { ClientOrder, ClientReport, History } from './protocol.ts';

const TIMEOUT_MS = 10_000;
const BODY = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'Reply with: ok' }], max_tokens: 1 });
const REQUEST = { method: 'POST', headers: { 'content-type': 'application/json' }, body: BODY } as const;
const CA = readFileSync(new URL('../support/servers/localhost.cert.pem', import.meta.url), 'utf8');

type Tick = () => Promise<Pick<ClientReport, 'measuredMs' | 'uncertain'>>;

const tick = tickOf(JSON.parse(process.argv[2] ?? ''));

// Nothing is left when the benchmark ends early.
process.on('disconnect', () => process.exit());
process.on('message', async () => {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const result = await tick();
  const tickMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  const rssMb = process.memoryUsage.rss() / 2 ** 20;
  process.send?.({ ...result, tickMs, cpuMs: (user + system) / 1000, rssMb } satisfies ClientReport);
});

function tickOf({ contender, ports, warm, history }: ClientOrder): Tick {
  const urls = ports.map((port) => `https://localhost:${port}/v1/chat/completions`);
  switch (contender) {
    case 'fetch':
      return () => timed(urls, async (url) => (await fetch(url, { ...REQUEST, signal: timeout() })).json());
    case 'undici': {
      const dispatcher = new Agent({ connect: { ca: CA } });
      return () =>
        timed(urls, async (url) => (await request(url, { ...REQUEST, dispatcher, signal: timeout() })).body.json());
    }
    case 'ours':
      return checkerTick(ports, warm, history);
  }
}

function timeout(): AbortSignal {
  return AbortSignal.timeout(TIMEOUT_MS);
}

async function timed(urls: readonly string[], ask: (url: string) => Promise<unknown>): ReturnType<Tick> {
  const measuredMs = await Promise.all(
    urls.map(async (url) => {
      const startedAt = performance.now();
      try {
        await ask(url);
        return performance.now() - startedAt;
      } catch {
        return null;
      }
    }),
  );
  return { measuredMs, uncertain: measuredMs.map(() => false) };
}

/** Ticks of a HealthChecker with its store in memory, a minute of its own time apart. */
function checkerTick(ports: readonly number[], warm: boolean, history: History): Tick {
  const prober = createProber({
    keyRights: EVERY_KEY,
    keys: { resolve: () => Promise.reject(new Error('no provider here has a key')) },
    addressPolicy: 'loopback',
    tls: { ca: CA },
    connections: warm ? 'kept' : 'fresh',
  });
  const providers = ports.map((port, index) => ({
    id: idOf(index),
    type: 'openai-compatible',
    model: 'bench',
    baseUrl: `https://localhost:${port}/v1`,
  }));
  const checker = new HealthChecker({
    config: parseConfig({ providers, witnesses: [] }, { addressPolicy: 'loopback' }),
    prober: withHistory(prober, history),
    addressPolicy: 'loopback',
  });
  const measured = new Map<string, { ms: number; uncertain: boolean }>();
  checker.on('check', ({ isHealthy, provider: id, responseTimeMs, uncertain }) => {
    if (isHealthy) measured.set(id, { ms: responseTimeMs, uncertain });
  });
  let minute = Math.floor(Date.now() / 60_000) - 1000;
  return async () => {
    measured.clear();
    minute += 1;
    await checker.runTick(new Date(minute * 60_000), { owner: 'bench', deadlineAt: null });
    const checks = ports.map((_, index) => measured.get(idOf(index)) ?? null);
    return {
      measuredMs: checks.map((check) => check?.ms ?? null),
      uncertain: checks.map((check) => check?.uncertain ?? false),
    };
  };
}

function idOf(index: number): string {
  return `p${index}`;
}

/** The same prober, told of another past than it was. */
function withHistory(prober: Prober, history: History): Prober {
  if (history === 'known') return prober;
  const told = (expectedMs: number | null): number | null => {
    if (expectedMs === null || history === 'unknown') return null;
    return history === 'half' ? expectedMs / 2 : expectedMs * 2;
  };
  return {
    probe: (target, signal) => prober.probe(target, signal),
    probeAll: (targets, signal) =>
      prober.probeAll(
        targets.map((target) => ({ ...target, expectedMs: told(target.expectedMs) })),
        signal,
      ),
    close: () => prober.close(),
  };
}
