import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { at, failedCheck, healthyStatus, provider, START, statusAfter } from '../support/builders.ts';
import { testApi } from './support.ts';

interface Target {
  expr: string;
  legendFormat: string;
}

interface Panel {
  id: number;
  title: string;
  type: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Target[];
}

const dashboard = JSON.parse(
  readFileSync(new URL('../../lib/api/views/grafana-dashboard.json', import.meta.url), 'utf8'),
) as { panels: Panel[]; templating: { list: { query: unknown }[] } };

const targets = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

/** Names of the metrics and of the labels that each has. */
async function served(): Promise<Map<string, Set<string>>> {
  const store = createMemoryStore({ now: () => new Date(START) });
  const heartbeat = { tick: START, finishedAt: at(0), due: 1, stored: 1, failed: 0, skipped: 0, monitorFault: false };
  await store.ticks.finish('0', heartbeat);
  const failed = statusAfter([failedCheck('timeout')], provider({ id: 'beta' }));
  const { request } = await testApi({ store, statuses: [healthyStatus(), failed] });
  const metrics = new Map<string, Set<string>>();
  for (const line of (await request('/metrics')).text.split('\n')) {
    const [, name = '', labels = ''] = line.match(/^([a-z_]+)(?:\{(.*)\})? /) ?? [];
    if (name) metrics.set(name, new Set([...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label)));
  }
  return metrics;
}

describe('the Grafana dashboard', () => {
  it.each(targets)('$title asks for metrics and labels that there are', async ({ expr, legendFormat }) => {
    const metrics = await served();
    const used = [...expr.matchAll(/\b(provider_health_\w+)(?:\{([^}]*)\})?/g)];
    expect(used.length).toBeGreaterThan(0);
    for (const [, name = '', selector = ''] of used) {
      expect([...metrics.keys()]).toContain(name);
      const labels = [...selector.matchAll(/(\w+)(?:=~|!=|=)"/g)].map(([, label]) => label);
      for (const label of labels) expect(metrics.get(name)).toContain(label);
    }
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    const known = new Set(used.flatMap(([, name = '']) => [...(metrics.get(name) ?? [])]));
    for (const label of shown) expect(known).toContain(label);
  });

  it('shows every metric that no other metric implies', async () => {
    const all = JSON.stringify(dashboard);
    const beside = /_(info|flapping|success_ratio|timestamp_seconds|unreadable_statuses|tick_due_providers)$/;
    const missing = [...(await served()).keys()].filter((name) => !all.includes(name) && !beside.test(name));
    expect(missing).toEqual([]);
  });

  it('has panels that do not overlap, each with an id of its own and a description', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title, type, description, gridPos } of panels) {
      if (type !== 'row') expect(description, title).toMatch(/\w/);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken, `${title} overlaps`).not.toContain(`${x} ${y}`);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });
});
