import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import type { Prober } from '../../lib/probe/prober.ts';
import { resources, resourcesBeyond } from '../support/resources.ts';
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
    const kinds = /Timeout|TCP|TLS/;
    const before = resources(kinds);
    const [right, hanging] = [await peerThat(good, { tls: LOCALHOST }), await peerThat(silent)];
    const targets = Array.from({ length: 20 }, (_, i) =>
      targetOf(i % 2 ? right : hanging, { id: `p${i}`, timeoutSeconds: i % 2 ? 20 : 0.1 }),
    );
    await Promise.all(prober.probeAll(targets));
    await Promise.all([right.idle(), hanging.idle()]);
    // A timer of the test runner's own may be among them for a moment.
    await expect.poll(() => resourcesBeyond(before, kinds)).toEqual(['TCPServerWrap', 'TCPServerWrap']);
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
    const targets = [
      ...Array.from({ length: 12 }, (_, i) => targetOf(i % 2 ? inTls : after, { id: `hanging-${i}` })),
      ...Array.from({ length: 12 }, (_, i) => targetOf(right, { id: `right-${i}` })),
    ].map(({ config, ...target }, i) => ({
      ...target,
      config: { ...config, timeoutSeconds: 25 },
      expectedMs: 900 - i,
    }));
    const cancel = new AbortController();
    const results = prober.probeAll(targets, cancel.signal);
    expect(await Promise.all(results.slice(12))).toEqual(Array(12).fill(expect.objectContaining({ isHealthy: true })));
    cancel.abort();
    // None of those that hang had ended by its timeout.
    expect(await Promise.all(results.slice(0, 12))).toEqual(Array(12).fill(null));
  });

  test('have each its whole timeout, which does not run while they wait for their turn', async () => {
    const peer = await peerThat(silent);
    const targets = Array.from({ length: 300 }, (_, i) => targetOf(peer, { id: `p${i}`, timeoutSeconds: 0.25 }));
    const outcomes = await Promise.all(prober.probeAll(targets));
    expect(outcomes.map((outcome) => outcome?.category)).toEqual(targets.map(() => 'timeout'));
    // 300 starts take 0.4 s and more: a deadline that ran meanwhile would have ended the last third before they began. A
    // machine that stalls may end the few that begin at that moment.
    expect(outcomes.filter((outcome) => outcome?.timings.dnsMs === null).length).toBeLessThan(30);
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
