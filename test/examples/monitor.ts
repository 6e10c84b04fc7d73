/** A monitor of simulated providers, which examples ask for the healthiest and then call. */

import { createApp } from '../../lib/api/app.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { keyRightsOf } from '../../lib/egress/key-rights.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { startServer } from '../../lib/local/server.ts';
import { behaviours } from '../../lib/local/simulator/behaviours.ts';
import { FLEET } from '../../lib/local/simulator/fleet.ts';
import { type Simulator, startSimulator } from '../../lib/local/simulator/simulator.ts';
import { adapterFor } from '../../lib/probe/adapters/registry.ts';
import { createProber } from '../../lib/probe/create-prober.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';

export interface ExampleMonitor {
  url: string;
  checker: HealthChecker;
  simulator: Simulator;
  /** Where a simulated provider is, and its key. */
  endpoint(id: string): { baseURL: string; apiKey: string };
  close(): Promise<void>;
}

/** Has checked each provider once. */
export async function startExampleMonitor(...ids: string[]): Promise<ExampleMonitor> {
  const fleet = FLEET.filter(({ id }) => ids.includes(id)).map((one) => ({ ...one, behaviour: behaviours.fast() }));
  const simulator = await startSimulator({ fleet, delay: async () => {} });
  const { providers, env } = simulator;
  const config = parseConfig({ providers: [...providers], witnesses: [] }, { addressPolicy: 'loopback' });
  const keys = createKeyResolver({ env: { ...env } });
  const prober = createProber({ keys, keyRights: keyRightsOf(config), addressPolicy: 'loopback', adapterFor });
  const store = createMemoryStore();
  const checker = new HealthChecker({ config, store, prober, addressPolicy: 'loopback' });
  await checker.runTick(new Date(), { owner: 'example', deadlineAt: null });
  const monitor = { tickSeconds: 60, shards: ['0'] };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const app = createApp({ store, checker, declared: config.providers, monitor, log });
  const server = await startServer({ fetch: (request) => app.fetch(request), host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    checker,
    simulator,
    endpoint(id) {
      const provider = providers.find((one) => one.id === id);
      if (!provider) throw new Error(`example: expected one of ${ids}, got ${id}`);
      return { baseURL: provider.baseUrl, apiKey: env[provider.apiKey?.replace('env:', '') ?? ''] ?? '' };
    },
    async close() {
      const drained = server.drain();
      server.cut();
      await Promise.all([drained, prober.close(), simulator.close()]);
    },
  };
}
