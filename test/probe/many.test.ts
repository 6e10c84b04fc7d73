import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Prober } from '../../lib/probe/prober.ts';
import { LOCALHOST } from '../support/servers/certificates.ts';
import { GOOD } from '../support/servers/misbehaviours.ts';
import { answer, type Behaviour, type Peer, type PeerOptions, startPeer } from '../support/servers/peer.ts';
import { targetOf, testProber } from '../support/servers/probing.ts';

const peers: Peer[] = [];
let prober: Prober;
afterEach(async () => {
  await prober.close();
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

async function peerThat(behave: Behaviour, options?: PeerOptions): Promise<Peer> {
  const peer = await startPeer(behave, options);
  peers.push(peer);
  prober = testProber();
  return peer;
}

const good: Behaviour = (socket) => void socket.write(answer(GOOD));
const silent: Behaviour = () => {};

describe('many probes at once', () => {
  test('P8: leave no socket and no timer', async () => {
    const before = resources();
    const [right, hanging] = [await peerThat(good, { tls: LOCALHOST }), await peerThat(silent)];
    const targets = Array.from({ length: 20 }, (_, i) =>
      targetOf(i % 2 ? right : hanging, { id: `p${i}`, timeoutSeconds: i % 2 ? 20 : 0.1 }),
    );
    await Promise.all(prober.probeAll(targets));
    await Promise.all([right.idle(), hanging.idle()]);
    // A timer of the test runner's own may be among them for a moment.
    await vi.waitFor(() => expect(beyond(before)).toEqual(['TCPServerWrap', 'TCPServerWrap']));
  });

  test('give a result for each target, in their order', async () => {
    const [right, wrong] = [await peerThat(good), await peerThat((socket) => void socket.end())];
    const targets = Array.from({ length: 30 }, (_, i) => ({
      ...targetOf(i % 3 === 0 ? wrong : right, { id: `p${i}` }),
      expectedMs: i % 2 === 0 ? 100 * i : null,
    }));
    const outcomes = await Promise.all(prober.probeAll(targets));
    expect(outcomes.map((outcome) => outcome?.isHealthy)).toEqual(targets.map((_, i) => i % 3 !== 0));
  });

  test('T1: are not delayed by those that hang, whether in TLS or after it', async () => {
    const inTls = await peerThat(silent, { scheme: 'https', onConnection: () => {} });
    const after = await peerThat(silent, { tls: LOCALHOST });
    const right = await peerThat(good, { tls: LOCALHOST });
    const settled: string[] = [];
    const targets = [
      ...Array.from({ length: 12 }, (_, i) =>
        targetOf(i % 2 ? inTls : after, { id: `hanging-${i}`, timeoutSeconds: 2 }),
      ),
      ...Array.from({ length: 12 }, (_, i) => targetOf(right, { id: `right-${i}`, timeoutSeconds: 20 })),
    ].map((target, i) => ({ ...target, expectedMs: 900 - i }));
    await Promise.all(
      prober.probeAll(targets).map((result, i) => result.then(() => settled.push(targets[i]?.config.id ?? ''))),
    );
    expect(settled.slice(0, 12).every((id) => id.startsWith('right'))).toBe(true);
  });

  test('have each its whole timeout, which does not run while they wait for their turn', async () => {
    const peer = await peerThat(silent);
    const targets = Array.from({ length: 300 }, (_, i) => targetOf(peer, { id: `p${i}`, timeoutSeconds: 0.25 }));
    const outcomes = await Promise.all(prober.probeAll(targets));
    // 300 starts take 0.4 s and more: a deadline that ran meanwhile would have ended the last before they began.
    expect(outcomes.map((outcome) => outcome?.category)).toEqual(targets.map(() => 'timeout'));
    expect(outcomes.filter((outcome) => outcome?.timings.dnsMs === null)).toEqual([]);
  });

  test('are all null when the caller ends them, those that wait too', async () => {
    const cancel = new AbortController();
    const peer = await peerThat(() => cancel.abort());
    const targets = Array.from({ length: 100 }, (_, i) => targetOf(peer, { id: `p${i}` }));
    const outcomes = await Promise.all(prober.probeAll(targets, cancel.signal));
    expect(outcomes).toEqual(targets.map(() => null));
    expect(peer.connections).toBeLessThan(100);
    await peer.idle();
  });

  test('put one listener on the signal of the caller, and leave none', async () => {
    const { signal } = new AbortController();
    const peer = await peerThat(good);
    const results = prober.probeAll(
      Array.from({ length: 20 }, (_, i) => targetOf(peer, { id: `p${i}` })),
      signal,
    );
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await Promise.all(results);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('nothing comes of nothing', async () => {
    await peerThat(good);
    expect(prober.probeAll([])).toEqual([]);
  });
});

/** The handles that keep this process alive now, and did not before. */
function beyond(before: readonly string[]): string[] {
  const rest = [...before];
  return resources().filter((kind) => {
    const place = rest.indexOf(kind);
    if (place >= 0) rest.splice(place, 1);
    return place < 0;
  });
}

/** The handles that keep this process alive. */
function resources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /Timeout|TCP|TLS/.test(kind))
    .sort();
}
