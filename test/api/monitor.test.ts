import { describe, expect, it } from 'vitest';
import { formatMetrics } from '../../lib/api/views/prometheus.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import type { Heartbeat } from '../../lib/store/store.ts';
import {
  at,
  blacklistedStatus,
  failedCheck,
  goodCheck,
  healthyStatus,
  minute,
  provider,
  START,
  statusAfter,
  unhealthyStatus,
} from '../support/builders.ts';
import { testApi } from './support.ts';

const HEARTBEAT: Heartbeat = {
  tick: START,
  finishedAt: at(2000),
  due: 5,
  stored: 3,
  failed: 1,
  skipped: 1,
  monitorFault: false,
};

async function beating(shards: readonly string[] = ['0'], beats: readonly string[] = shards) {
  const store = createMemoryStore({ now: () => new Date(START) });
  for (const shard of beats) {
    await store.ticks.claim({ shard, tick: START, owner: 'test', now: new Date(START), leaseMs: 60_000 });
    await store.ticks.finish(shard, HEARTBEAT);
  }
  return testApi({ store, monitor: { tickSeconds: 60, shards } });
}

describe('GET /healthz', () => {
  it.each([
    ['a fresh tick', at(5000), 200],
    ['a tick that ended 3 ticks ago', at(182_000), 200],
    ['a tick that ended longer ago', at(182_001), 503],
  ])('with %s', async (_, now, expected) => {
    const { request, clock } = await beating();
    clock.set(now);
    const { status, body } = await request('/healthz');
    expect(status).toBe(expected);
    if (expected === 200) expect(body).toMatchObject({ status: 'ok', lastTick: START });
    else expect(body).toMatchObject({ code: 'monitor_silent', retryAfterSeconds: 60 });
  });

  it('is 503 before the first tick, and no error of the log', async () => {
    const { request, logged } = await testApi();
    expect(await request('/healthz')).toMatchObject({ status: 503, body: { code: 'monitor_silent' } });
    expect(logged).toEqual([]);
  });

  it('is 503 when one shard of several is silent, and names it', async () => {
    const { request, clock, store } = await beating(['0', '1', '2', '3'], ['0', '1', '2']);
    clock.set(at(300_000));
    await store.ticks.finish('0', { ...HEARTBEAT, tick: at(290_000), finishedAt: at(290_000) });
    const { status, body } = await request('/healthz');
    expect(status).toBe(503);
    expect(body).toHaveProperty(
      'detail',
      'Expected a tick every 60 s; of shard 1 the last one ended 298 s ago; of shard 2 the last one ended 298 s ago; ' +
        'of shard 3 there was none yet. Statuses may be out of date.',
    );
  });

  it('takes any query, as probes of load balancers send them', async () => {
    const { request } = await beating();
    expect((await request('/healthz?verbose')).status).toBe(200);
  });
});

/** A sample line: name, labels, value. */
const SAMPLE = /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (-?[0-9.e+-]+)$/;

describe('GET /metrics', () => {
  const statuses = [
    healthyStatus({ id: 'alpha' }, goodCheck({ timings: { ...goodCheck().timings, dnsMs: 5, totalMs: 210 } })),
    unhealthyStatus({ id: 'beta', model: 'quoted "model"\\v1' }, 'timeout'),
    blacklistedStatus({ id: 'gamma' }),
  ];

  async function scraped() {
    const store = createMemoryStore({ now: () => new Date(START) });
    await store.ticks.claim({ shard: '0', tick: START, owner: 'test', now: new Date(START), leaseMs: 60_000 });
    await store.ticks.finish('0', HEARTBEAT);
    const { request, clock } = await testApi({ store, statuses, declared: [provider({ id: 'never' })] });
    clock.set(at(10_000));
    return request('/metrics');
  }

  it('is valid text: HELP and TYPE first, each metric in one group, no sample twice', async () => {
    const { text, headers } = await scraped();
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const seen = new Set<string>();
    const samples = new Set<string>();
    let current = '';
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    lines.forEach((line, i) => {
      const help = line.match(/^# HELP (\S+) \S.*$/);
      if (help) {
        current = help[1] ?? '';
        expect(seen, `${current} comes twice`).not.toContain(current);
        seen.add(current);
        expect(lines[i + 1]).toBe(`# TYPE ${current} ${current.endsWith('_total') ? 'counter' : 'gauge'}`);
        return;
      }
      if (line.startsWith('# TYPE')) return;
      const [, name, labels = ''] = line.match(SAMPLE) ?? [];
      expect(name, line).toBe(current);
      expect(samples).not.toContain(`${name}{${labels}}`);
      samples.add(`${name}{${labels}}`);
    });
  });

  it('names follow the conventions: one prefix, base units, no suffix that means another type', async () => {
    const { text } = await scraped();
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) {
      expect(name).toMatch(/^provider_health_[a-z_]+$/);
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|percent|percentage|count|sum|bucket|gauge|counter)(_|$)/);
    }
  });

  it.each([
    'provider_health_provider_info{provider="beta",type="openai-compatible",model="quoted \\"model\\"\\\\v1"} 1',
    'provider_health_state{provider="gamma",state="blacklisted"} 1',
    'provider_health_state{provider="gamma",state="healthy"} 0',
    'provider_health_state{provider="never",state="unknown"} 1',
    'provider_health_up{provider="alpha"} 1',
    'provider_health_up{provider="beta"} 0',
    'provider_health_health_score{provider="alpha"} 0.88',
    'provider_health_routing_score{provider="beta"} 0',
    'provider_health_response_time_seconds{provider="alpha"} 0.2',
    'provider_health_phase_seconds{provider="alpha",phase="dns"} 0.005',
    'provider_health_phase_seconds{provider="alpha",phase="total"} 0.21',
    'provider_health_failure{provider="beta",category="timeout",fault="provider"} 1',
    `provider_health_last_check_timestamp_seconds{provider="alpha"} ${Date.parse(START) / 1000}`,
    'provider_health_tick_age_seconds{shard="0"} 8',
    'provider_health_tick_providers{shard="0",outcome="skipped"} 1',
    'provider_health_unreadable_statuses 0',
  ])('has %s', async (line) => {
    expect((await scraped()).text.split('\n')).toContain(line);
  });

  it('has no sample for an unknown value', async () => {
    const { text } = await scraped();
    expect(text).not.toContain('provider_health_response_time_seconds{provider="never"');
    expect(text).not.toContain('provider="alpha",phase="first_token"');
    expect(text).not.toMatch(/null|NaN|undefined/);
  });

  it("counts the UTC day's checks by outcome, without those in a planned pause", async () => {
    const status = statusAfter([
      goodCheck({ timestamp: minute(-601) }),
      goodCheck({ timestamp: minute(-600) }),
      failedCheck('overloaded', { timestamp: minute(-599) }),
      failedCheck('auth', { timestamp: minute(-598), maintenance: true }),
      goodCheck({ timestamp: minute(-1) }),
      failedCheck('timeout'),
    ]);
    const { request, clock } = await testApi({ statuses: [status] });
    const counts = async () =>
      (await request('/metrics')).text
        .split('\n')
        .flatMap((line) => /^provider_health_checks_total\{provider="alpha",outcome="(\w+)"\} (.*)/.exec(line) ?? [])
        .filter((_, i) => i % 3 > 0)
        .join(' ');
    expect(await counts()).toMatch(/good 2 .*overloaded 1 .*timeout 1 /);
    expect(await counts()).toContain('auth 0');
    // At midnight it begins anew, before the day's first check.
    clock.set('2026-03-02T00:00:10.000Z');
    expect(await counts()).toMatch(/^good 0( [a-z_]+ 0)+$/);
  });

  it('escapes what would end a line or a label', () => {
    const sample = { labels: { a: 'x"\\\ny' }, value: true };
    expect(formatMetrics([{ name: 'n', help: 'a\\b\nc', type: 'gauge', samples: [sample] }])).toBe(
      '# HELP n a\\\\b\\nc\n# TYPE n gauge\nn{a="x\\"\\\\\\ny"} 1\n',
    );
  });
});
