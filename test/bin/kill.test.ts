import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seededRandom } from '../../lib/local/simulator/random.ts';
import { commandLine } from '../support/command-line.ts';
import { answer, type Peer, startPeer } from '../support/servers/peer.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KILLS = Number(process.env.KILLS ?? 3);
/** Each is a registration, a pause and a reading. */
const MOST_ROUNDS = 40;

let folder: string;
let peers: Peer[];
let running: ReturnType<typeof spawn> | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provider-health-kill-'));
  peers = [];
  running = null;
});
afterEach(async () => {
  running?.kill('SIGKILL');
  await Promise.all(peers.map((peer) => peer.close()));
  await rm(folder, { recursive: true });
});

/** A provider that works, one whose key is refused, and a channel. */
async function configFile(): Promise<{ file: string; channel: Peer; workingUrl: string }> {
  const completion = { choices: [{ message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }] };
  const [working, broken, channel] = await Promise.all([
    startPeer((socket) => void socket.write(answer(JSON.stringify(completion)))),
    startPeer((socket) => void socket.write(answer('{"error":{"message":"no"}}', {}, '401 Unauthorized'))),
    startPeer((socket) => void socket.write(answer('ok'))),
  ]);
  peers.push(working, broken, channel);
  const shared = { type: 'openai-compatible', model: 'm', intervalSeconds: 1 };
  const workingUrl = `${working.origin}/v1`;
  const config = {
    providers: [
      { ...shared, id: 'steady', baseUrl: workingUrl },
      { ...shared, id: 'broken', baseUrl: `${broken.origin}/v1` },
    ],
    witnesses: [],
    alerts: { channels: [{ id: 'hook', type: 'webhook', url: channel.origin }] },
  };
  const file = join(folder, 'providers.json');
  await writeFile(file, JSON.stringify(config));
  return { file, channel, workingUrl };
}

/** Resolves with its URL and all that it printed so far. */
async function start(configFile: string): Promise<{ url: string; printed: () => string; kill: () => Promise<void> }> {
  const args = ['--port', '0', '--config', configFile, '--data', join(folder, 'data'), '--tick-seconds', '1'];
  const child = spawn(process.execPath, [commandLine(), 'start', ...args], { cwd: ROOT });
  running = child;
  const ended = once(child, 'close');
  let text = '';
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: string) => {
      text += chunk;
      const found = /Status page {2}(http:\S+)\//.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    void ended.then(() => reject(new Error(`ended before it listened:\n${text}`)));
  });
  return {
    url,
    printed: () => text,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The body of an answer; null when the process was killed before it came. Any other answer than 2xx is an error. */
async function ask<Body>(url: string, init?: RequestInit): Promise<Body | null> {
  const response = await fetch(url, init).catch(() => null);
  const text = await response?.text().catch(() => null);
  if (!response || text === null || text === undefined) return null;
  if (!response.ok) throw new Error(`${init?.method ?? 'GET'} ${url}: ${response.status} ${text}`);
  return JSON.parse(text) as Body;
}

const put = (body: unknown): RequestInit => ({
  method: 'PUT',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** A pause, not a turn of the event loop: constant polling would take the CPU that the monitor needs. */
const moment = () => new Promise((resolve) => setTimeout(resolve, 5));

interface Checks {
  checks: { timestamp: string }[];
}

test(
  `npm start -- --data loses nothing that it answered, over ${KILLS} kills at random moments under load`,
  async () => {
    const random = process.env.KILLS === undefined ? seededRandom(1) : Math.random;
    const { file, channel, workingUrl } = await configFile();
    const registered = new Set<string>();
    const paused = new Map<string, string>();
    const seen = new Set<string>();
    const alertsOf = () => channel.requests.filter((request) => request.includes('"broken"')).length;
    let alertsAtFirst: number | null = null;

    for (let life = 0; life <= KILLS; life++) {
      const monitor = await start(file);
      const statuses = await ask<{ providers: { provider: string; maintenanceUntil: string | null }[] }>(
        `${monitor.url}/v1/providers`,
      );
      const byId = new Map(statuses?.providers.map((status) => [status.provider, status]));
      expect([...registered].filter((id) => !byId.has(id))).toEqual([]);
      for (const [id, until] of paused) expect(byId.get(id)?.maintenanceUntil).toBe(until);
      const kept = new Set<string>();
      let next: string | null = `${monitor.url}/v1/providers/steady/checks?limit=1000`;
      while (next !== null) {
        const page: (Checks & { nextCursor?: string | null }) | null = await ask(next);
        for (const { timestamp } of page?.checks ?? []) kept.add(timestamp);
        next = page?.nextCursor
          ? `${monitor.url}/v1/providers/steady/checks?limit=1000&cursor=${page.nextCursor}`
          : null;
      }
      expect([...seen].filter((timestamp) => !kept.has(timestamp))).toEqual([]);
      if (life === KILLS) {
        await monitor.kill();
        expect(monitor.printed()).not.toMatch(/damaged|error/);
        break;
      }

      // The alert is sent once, in the first run; each later run must remember that it was sent.
      if (life === 0) {
        while (alertsOf() === 0) await moment();
        // The next tick finds it finished.
        const ticks = peers[1]?.requests.length ?? 0;
        while ((peers[1]?.requests.length ?? 0) < ticks + 2) await moment();
        alertsAtFirst = alertsOf();
      }

      let isAlive = true;
      let finished = 0;
      async function load(worker: number): Promise<void> {
        for (let n = 0; isAlive; n++) {
          const id = `r-${life}-${worker}-${n % 10}`;
          const provider = { type: 'openai-compatible', model: 'm', baseUrl: workingUrl, intervalSeconds: 3600 };
          if ((await ask(`${monitor.url}/v1/providers/${id}`, put(provider))) === null) return;
          registered.add(id);
          const pause = await ask<{ maintenanceUntil: string }>(
            `${monitor.url}/v1/providers/${id}/maintenance`,
            put({ minutes: 60 + n }),
          );
          // A change whose request was interrupted may or may not count.
          if (pause === null) paused.delete(id);
          else paused.set(id, pause.maintenanceUntil);
          const checks = await ask<Checks>(`${monitor.url}/v1/providers/steady/checks?limit=5`);
          for (const { timestamp } of checks?.checks ?? []) seen.add(timestamp);
          finished += 1;
        }
      }
      const loads = Promise.all([0, 1, 2].map(load));
      // A random number of rounds, and then within one: so a slow machine is killed as often as a fast one.
      for (const rounds = random() * MOST_ROUNDS; finished < rounds; ) await moment();
      await new Promise((resolve) => setTimeout(resolve, random() * 20));
      isAlive = false;
      await monitor.kill();
      await loads;
    }
    expect(registered.size).toBeGreaterThan(0);
    expect(seen.size).toBeGreaterThan(0);
    expect(alertsOf()).toBe(alertsAtFirst);
    if (process.env.FIGURES) {
      console.log(
        `${KILLS} kills: ${registered.size} registered, ${paused.size} paused, ${seen.size} checks seen, ${alertsOf()} alerts`,
      );
    }
  },
  KILLS * 20_000 + 60_000,
);
