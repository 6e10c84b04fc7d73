/** Probes through a proxy that is between the monitor and the internet: measured as without it, and blamed for what it does. */

import { afterEach, describe, expect, test } from 'vitest';
import type { ProxySettings } from '../../lib/egress/proxy.ts';
import type { ProbeOutcome } from '../../lib/health/check.ts';
import { witnessAnswers } from '../../lib/probe/witness.ts';
import { WILDCARD } from '../support/servers/certificates.ts';
import { CLOSED } from '../support/servers/closed.ts';
import { GOOD } from '../support/servers/misbehaviours.ts';
import { answer, type Behaviour, type Peer, startPeer } from '../support/servers/peer.ts';
import { KEY, probeOnce, targetOf, testProber } from '../support/servers/probing.ts';
import { type ProxyBehaviour, startProxy, type TestProxy } from '../support/servers/proxy.ts';

const good: Behaviour = (socket) => void socket.write(answer(GOOD));

const closing: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(closing.splice(0).map((one) => one.close())));

async function peer(behave = good, tls = true): Promise<Peer> {
  const started = await startPeer(behave, tls ? { tls: WILDCARD } : {});
  closing.push(started);
  return started;
}

async function proxy(behaviour: ProxyBehaviour = {}): Promise<TestProxy> {
  const started = await startProxy(behaviour);
  closing.push(started);
  return started;
}

const all = (url: string, ...except: string[]): ProxySettings => ({ https: url, http: url, except });
/** A name that nothing here resolves: only the proxy knows where it leads. */
const ORIGIN = 'https://api.wild.test';

function probed(proxies: ProxySettings, origin = ORIGIN, options = {}): Promise<ProbeOutcome> {
  return probeOnce(targetOf({ origin }), { addressPolicy: 'public', tls: { ca: WILDCARD.cert }, proxies, ...options });
}

describe('a probe through a proxy', () => {
  test('asks for the host by its name, and is healthy', async () => {
    const { port } = await peer();
    const { url, asked, credentials } = await proxy({ leadsTo: port });
    expect(await probed(all(url))).toMatchObject({ isHealthy: true, newConnection: true, timings: { dnsMs: null } });
    expect(asked).toEqual(['api.wild.test:443']);
    expect(credentials).toEqual([undefined]);
  });

  test('speaks plain HTTP through a tunnel too', async () => {
    const { port } = await peer(good, false);
    const { url, asked } = await proxy({ leadsTo: port });
    const outcome = await probed(all(url), 'http://vllm.wild.test:8000', { addressPolicy: 'private' });
    expect(outcome).toMatchObject({ isHealthy: true });
    expect(asked).toEqual(['vllm.wild.test:8000']);
  });

  test('says who it is where the proxy wants that, and shows it nowhere', async () => {
    const { port } = await peer();
    const { url, credentials } = await proxy({ leadsTo: port });
    const outcome = await probed(all(url.replace('//', '//me:very%2Fsecret@')));
    expect(credentials).toEqual([`Basic ${Buffer.from('me:very/secret').toString('base64')}`]);
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  test('has the response time of the answer, without what the proxy took to connect', async () => {
    const { port } = await peer();
    const { url } = await proxy({ leadsTo: port, delayMs: 200 });
    const { responseTimeMs, timings } = await probed(all(url));
    // A timer may end a millisecond early.
    expect(timings.connectMs).toBeGreaterThanOrEqual(199);
    expect(timings.totalMs).toBeGreaterThanOrEqual((timings.connectMs ?? 0) + responseTimeMs - 1);
  });

  test('keeps its connection between probes where connections are kept', async () => {
    const { port } = await peer();
    const { url, asked } = await proxy({ leadsTo: port });
    const prober = testProber({
      addressPolicy: 'public',
      tls: { ca: WILDCARD.cert },
      proxies: all(url),
      connections: 'kept',
    });
    closing.push(prober);
    const target = targetOf({ origin: ORIGIN });
    expect(await prober.probe(target)).toMatchObject({ newConnection: true });
    expect(await prober.probe(target)).toMatchObject({ isHealthy: true, newConnection: false });
    expect(asked).toHaveLength(1);
  });

  test('goes without it where NO_PROXY says so', async () => {
    const { url, asked } = await proxy();
    const outcome = await probed(all(url, 'wild.test'));
    expect(outcome).toMatchObject({ isHealthy: false, category: 'dns' });
    expect(asked).toEqual([]);
  });

  test.each(['https://10.0.0.7', 'https://169.254.169.254', 'https://[fd00:ec2::254]', 'http://api.wild.test'])(
    'never asks it for %s, which the policy refuses',
    async (origin) => {
      const { url, asked } = await proxy();
      expect(await probed(all(url), origin)).toMatchObject({ category: 'config', fault: 'ours' });
      expect(asked).toEqual([]);
    },
  );

  test('does not trust a certificate of another name that it leads to', async () => {
    const { port } = await peer();
    const { url } = await proxy({ leadsTo: port });
    expect(await probed(all(url), 'https://api.else.test')).toMatchObject({ category: 'tls' });
  });
});

describe('a proxy that gives no connection', () => {
  const unblamed = { isHealthy: false, category: 'config', fault: 'ours', monitorFault: true };

  test('at a closed port is the fault of the monitor', async () => {
    expect(await probed(all(`http://${CLOSED}`))).toMatchObject({
      ...unblamed,
      errorMessage: expect.stringMatching(
        /^the proxy 127\.0\.0\.1:2 cannot be reached \(ECONNREFUSED\): .*HTTPS_PROXY/,
      ),
    });
  });

  test('whose name leads nowhere is the fault of the monitor', async () => {
    expect(await probed(all('http://proxy.wild.test:3128'))).toMatchObject(unblamed);
  });

  test('that wants other credentials is the fault of the monitor', async () => {
    const { url } = await proxy({ status: 407 });
    const outcome = await probed(all(url.replace('//', '//me:very-secret@')));
    expect(outcome).toMatchObject({ ...unblamed, errorMessage: expect.stringContaining('HTTP 407') });
    expect(outcome.errorMessage).not.toContain('very-secret');
  });

  test('that refuses the host is ours to mend', async () => {
    const { url } = await proxy({ status: 403 });
    expect(await probed(all(url))).toMatchObject({
      category: 'config',
      fault: 'ours',
      errorMessage: expect.stringMatching(/does not let api\.wild\.test:443 be reached \(HTTP 403\): .*NO_PROXY/),
    });
  });

  test('since it did not reach the host says so, and the provider failed', async () => {
    const { url } = await proxy({ status: 502 });
    const outcome = await probed(all(url));
    expect(outcome).toMatchObject({ category: 'connect', fault: 'provider' });
    expect(outcome).not.toHaveProperty('monitorFault');
  });

  test('in time is a timeout of the provider: it was asked for it', async () => {
    const { url } = await proxy({ status: null });
    const target = targetOf({ origin: ORIGIN }, { timeoutSeconds: 1 });
    const outcome = await probeOnce(target, { addressPolicy: 'public', proxies: all(url) });
    expect(outcome).toMatchObject({ category: 'timeout', fault: 'provider' });
  });

  test('shows no key', async () => {
    const { url } = await proxy({ status: 403 });
    expect(JSON.stringify(await probed(all(url)))).not.toContain(KEY.slice(0, 12));
  });
});

describe('a witness behind a proxy', () => {
  test('answers when the proxy reaches it', async () => {
    const { port } = await peer();
    const { url, asked } = await proxy({ leadsTo: port });
    expect(await witnessAnswers('one.wild.test:443', 5000, all(url))).toBe(true);
    expect(asked).toEqual(['one.wild.test:443']);
  });

  test('does not when it reaches nothing', async () => {
    const { url } = await proxy({ status: 503 });
    expect(await witnessAnswers('one.wild.test:443', 5000, all(url))).toBe(false);
  });
});
