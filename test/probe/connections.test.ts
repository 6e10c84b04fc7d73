import { afterEach, describe, expect, test } from 'vitest';
import type { Prober } from '../../lib/probe/prober.ts';
import { LOCALHOST } from '../support/servers/certificates.ts';
import { GOOD } from '../support/servers/misbehaviours.ts';
import { answer, type Behaviour, type Peer, startPeer } from '../support/servers/peer.ts';
import { targetOf, testProber } from '../support/servers/probing.ts';

const peers: Peer[] = [];
const probers: Prober[] = [];
afterEach(async () => {
  await Promise.all(probers.splice(0).map((prober) => prober.close()));
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

async function set(connections: 'fresh' | 'kept', behave: Behaviour) {
  const peer = await startPeer(behave, { tls: LOCALHOST });
  const prober = testProber({ connections });
  peers.push(peer);
  probers.push(prober);
  return { peer, prober, target: targetOf(peer, { timeoutSeconds: 20 }) };
}

const good: Behaviour = (socket) => void socket.write(answer(GOOD));

describe('P7: each probe has a connection of its own', () => {
  test('which is closed after it, though the server would keep it', async () => {
    const { peer, prober, target } = await set('fresh', good);
    for (const connections of [1, 2, 3]) {
      expect(await prober.probe(target)).toMatchObject({ isHealthy: true, newConnection: true });
      expect(peer.connections).toBe(connections);
    }
    await peer.idle();
  });
});

describe('P7: kept connections', () => {
  test('are used again, and each outcome says so', async () => {
    const { peer, prober, target } = await set('kept', good);
    expect(await prober.probe(target)).toMatchObject({ isHealthy: true, newConnection: true });
    const again = await prober.probe(target);
    expect(again).toMatchObject({ isHealthy: true, newConnection: false });
    expect(again?.timings).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null });
    expect(peer.connections).toBe(1);
  });

  test('are used again when many are probed at once', async () => {
    const { peer, prober } = await set('kept', good);
    const targets = ['a', 'b', 'c'].map((id) => targetOf(peer, { id }));
    await Promise.all(prober.probeAll(targets));
    const outcomes = await Promise.all(prober.probeAll(targets));
    expect(outcomes.map((outcome) => outcome?.newConnection)).toEqual([false, false, false]);
    expect(peer.connections).toBe(3);
  });

  test('that died unseen never make a provider unhealthy: the probe takes a new one', async () => {
    let answered = 0;
    const { peer, prober, target } = await set('kept', (socket) => {
      answered += 1;
      // The second request over the first connection meets a server that had forgotten it.
      if (answered === 2) socket.destroy();
      else socket.write(answer(GOOD));
    });
    await prober.probe(target);
    expect(await prober.probe(target)).toMatchObject({ isHealthy: true, newConnection: true });
    expect(peer.connections).toBe(2);
  });

  test('that the server closed are not tried', async () => {
    const { peer, prober, target } = await set('kept', good);
    await prober.probe(target);
    const idle = peer.idle();
    for (const socket of peer.open) socket.end();
    await idle;
    expect(await prober.probe(target)).toMatchObject({ isHealthy: true, newConnection: true });
    expect(peer.requests).toHaveLength(2);
  });

  test('that break in the middle of an answer are the failure that they are', async () => {
    let answered = 0;
    const { peer, prober, target } = await set('kept', (socket) => {
      answered += 1;
      if (answered === 1) socket.write(answer(GOOD));
      else socket.write(answer(GOOD).subarray(0, -3), () => socket.destroy());
    });
    await prober.probe(target);
    expect(await prober.probe(target)).toMatchObject({ isHealthy: false, category: 'connect', newConnection: false });
    expect(peer.connections).toBe(1);
  });

  test('are closed after a failure, and with the prober', async () => {
    let status = '500 Internal Server Error';
    const { peer, prober, target } = await set('kept', (socket) => void socket.write(answer(GOOD, {}, status)));
    await prober.probe(target);
    await peer.idle();
    status = '200 OK';
    await prober.probe(target);
    expect(peer.open.size).toBe(1);
    const idle = peer.idle();
    await prober.close();
    await idle;
  });
});
