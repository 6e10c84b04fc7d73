import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GOOD, MISBEHAVIOURS } from '../support/servers/misbehaviours.ts';
import { answer, type Peer, startPeer } from '../support/servers/peer.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const peers: Peer[] = [];

/** One provider for each misbehaviour without TLS, and the good ones. */
beforeAll(async () => {
  const kinds = MISBEHAVIOURS.filter(({ options }) => options?.tls === undefined);
  peers.push(await startPeer((socket) => void socket.write(answer(GOOD))));
  for (const { behave, options } of kinds) peers.push(await startPeer(behave, options));
});
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.close()));
});

/**
 * Two ticks, so that failures are confirmed and fail again; then it prints the resources that are still open, and must
 * end by itself.
 */
const PROGRAM = `
  import { HealthChecker } from './lib/checker/checker.ts';
  import { parseConfig } from './lib/config/parse.ts';
  import { setImmediate as nextTurn } from 'node:timers/promises';
  const providers = process.argv.slice(1).map((origin, i) => (
    { id: 'p' + i, type: 'openai-compatible', model: 'm', baseUrl: origin + '/v1', timeoutSeconds: 0.5 }
  ));
  const config = parseConfig({ providers, witnesses: ['127.0.0.1:1'] }, { addressPolicy: 'loopback' });
  const checker = new HealthChecker({ config, addressPolicy: 'loopback' });
  const reports = [];
  for (const minute of [0, 1]) {
    const tick = new Date(Date.UTC(2026, 2, 1, 10, minute));
    reports.push(await checker.runTick(tick, { owner: 'one', deadlineAt: new Date(Date.now() + 25_000) }));
  }
  // A socket that was closed, and what undici puts off to the next turn of the event loop, are gone after it.
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  const left = process.getActiveResourcesInfo().filter((kind) => /Timeout|Immediate|TCP|TLS|Zlib|GetAddr/.test(kind));
  console.log(JSON.stringify({ left, due: reports.map(({ due }) => due) }));
`;

it('P8: a tick over providers that misbehave in every way leaves no socket and no timer, and the process ends', async () => {
  const { stdout, code } = await new Promise<{ stdout: string; code: number | null }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM, ...peers.map(({ origin }) => origin)],
      { cwd: ROOT, timeout: 25_000 },
      (_error, stdout, stderr) => resolve({ stdout: stdout + stderr, code: child.exitCode }),
    );
  });
  expect(code, stdout).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ left: [], due: [peers.length, peers.length] });
});
