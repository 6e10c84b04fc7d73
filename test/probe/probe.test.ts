import { lookup } from 'node:dns';
import { afterEach, describe, expect, test } from 'vitest';
import { KeyError } from '../../lib/keys/keys.ts';
import { Secret } from '../../lib/keys/secret.ts';
import { PRESETS } from '../../lib/probe/presets/presets.ts';
import { afterReading } from '../support/running-time.ts';
import { LOCALHOST } from '../support/servers/certificates.ts';
import { GOOD } from '../support/servers/misbehaviours.ts';
import {
  answer,
  type Behaviour,
  type Peer,
  type PeerOptions,
  sendInParts,
  startPeer,
} from '../support/servers/peer.ts';
import { KEY, probeOnce, targetOf, testProber } from '../support/servers/probing.ts';

const peers: Peer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

async function peerThat(behave: Behaviour, options?: PeerOptions): Promise<Peer> {
  const peer = await startPeer(behave, options);
  peers.push(peer);
  return peer;
}

/** Stands for the end of the connection among the parts of an answer. */
const END = '';

const good: Behaviour = (socket) => void socket.write(answer(GOOD));

/** Blocks the event loop. */
function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('a good answer', () => {
  test('is healthy, with what it measured', async () => {
    const peer = await peerThat((socket) => void socket.write(answer(GOOD, { 'x-request-id': 'req-7' })), {
      tls: LOCALHOST,
    });
    const outcome = await probeOnce(targetOf(peer));
    expect(outcome).toMatchObject({
      isHealthy: true,
      errorMessage: null,
      category: null,
      fault: null,
      statusCode: 200,
      probe: 'completion',
      tokens: { input: 12, output: 1, estimated: false },
      tokensPerSecond: null,
      requestId: 'req-7',
      newConnection: true,
      warning: null,
    });
    expect(outcome.timings).toMatchObject({ firstTokenMs: null });
    for (const phase of ['dnsMs', 'connectMs', 'tlsMs', 'firstByteMs', 'totalMs'] as const) {
      expect(outcome.timings[phase]).toBeGreaterThanOrEqual(0);
    }
  });

  test('that came while this process stood still, past the timeout, is read and marked', async () => {
    const peer = await peerThat((socket) => {
      socket.write(answer(GOOD));
      standStill(400);
    });
    const outcome = await probeOnce(targetOf(peer, { timeoutSeconds: 0.2 }));
    expect(outcome).toMatchObject({ isHealthy: true, errorMessage: null, uncertain: true });
  });

  test('sends one request with the key in a header, and asks for no compression', async () => {
    const peer = await peerThat(good);
    await probeOnce(targetOf(peer));
    expect(peer.requests).toHaveLength(1);
    expect(peer.requests[0]).toMatch(/^POST \/v1\/chat\/completions HTTP\/1\.1\r\n/);
    expect(peer.requests[0]).toContain(`authorization: Bearer ${KEY}\r\n`);
    expect(peer.requests[0]).toContain('accept-encoding: identity\r\n');
  });

  test.each([
    ['in single bytes', () => Array.from(answer(GOOD), (byte) => Buffer.of(byte))],
    ['after informational answers', () => ['HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', answer(GOOD)]],
    ['without a length, until the end of the connection', () => ['HTTP/1.1 200 OK\r\n\r\n', GOOD, END]],
    [
      'in chunks',
      () => [
        `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n`,
        chunk(GOOD.slice(0, 9)),
        chunk(GOOD.slice(9)),
        chunk(''),
      ],
    ],
  ])('may come %s', async (_how, parts) => {
    const peer = await peerThat(async (socket) => {
      const all = parts();
      await sendInParts(
        socket,
        all.filter((part) => part !== END),
      );
      if (all.includes(END)) socket.end();
    });
    expect(await probeOnce(targetOf(peer))).toMatchObject({ isHealthy: true });
  });

  test('of a models probe may have 1 MiB (P3)', async () => {
    const list = JSON.stringify({ object: 'list', data: [{ id: 'test-model', object: 'model' }] });
    const [small, large] = [list.padEnd(2 ** 20), list.padEnd(2 ** 20 + 1)];
    let body = small;
    const peer = await peerThat((socket) => void socket.write(answer(body)));
    expect(await probeOnce(targetOf(peer, {}, 'models'))).toMatchObject({
      isHealthy: true,
      tokens: null,
      probe: 'models',
    });
    body = large;
    expect(await probeOnce(targetOf(peer, {}, 'models'))).toMatchObject({ category: 'too_large' });
  });
});

describe('P9: responseTimeMs', () => {
  test('is an integer ≥ 0, from the request written to the answer complete: set-up is no part of it', async () => {
    const peer = await peerThat(good, { tls: LOCALHOST });
    const { responseTimeMs, timings } = await probeOnce(targetOf(peer));
    expect(Number.isInteger(responseTimeMs)).toBe(true);
    expect(responseTimeMs).toBeGreaterThanOrEqual(0);
    const setUpMs = (timings.dnsMs ?? 0) + (timings.connectMs ?? 0) + (timings.tlsMs ?? 0);
    // Each of the five was rounded.
    expect(Math.abs(timings.totalMs - setUpMs - responseTimeMs)).toBeLessThan(1);
  });

  test('covers the whole answer, not its first byte', async () => {
    const bytes = answer(GOOD);
    const split = bytes.indexOf('{');
    const peer = await peerThat(async (socket) => {
      socket.write(bytes.subarray(0, split));
      await afterReading();
      await new Promise((resolve) => setTimeout(resolve, 60));
      socket.write(bytes.subarray(split));
    });
    const { responseTimeMs, timings } = await probeOnce(targetOf(peer));
    expect(responseTimeMs).toBeGreaterThanOrEqual(55);
    expect(timings.firstByteMs).toBeLessThan(responseTimeMs);
  });

  test('of a failure before the request was written is the time until it failed', async () => {
    const peer = await peerThat(() => {}, { scheme: 'https', onConnection: () => {} });
    const { responseTimeMs, timings } = await probeOnce(targetOf(peer, { timeoutSeconds: 0.05 }));
    // Both were rounded.
    expect(Math.abs(responseTimeMs - timings.totalMs)).toBeLessThan(0.6);
    expect(responseTimeMs).toBeGreaterThanOrEqual(45);
    expect(timings).toMatchObject({ tlsMs: null, firstByteMs: null });
  });
});

describe('P4: a probe never rejects', () => {
  test('a bug of ours shows as itself', async () => {
    const peer = await peerThat(good);
    const adapterFor = () => {
      throw new TypeError(`undefined is not a function, ${KEY}`);
    };
    const outcome = await probeOnce(targetOf(peer), { adapterFor });
    expect(outcome).toMatchObject({
      category: 'config',
      fault: 'ours',
      statusCode: null,
      tokens: null,
    });
    // Nothing was sent, so this is how long the monitor took to fail: 0, or as long as the machine stalled.
    expect(Number.isInteger(outcome.responseTimeMs)).toBe(true);
    expect(Math.abs(outcome.responseTimeMs - outcome.timings.totalMs)).toBeLessThan(0.6);
    expect(outcome.errorMessage).toMatch(/^Provider Health failed: TypeError: undefined is not a function, \*\*\*/);
    expect(peer.connections).toBe(0);
  });

  test('a bug in the judgement of an answer is no failure of the provider either', async () => {
    const peer = await peerThat(good);
    const outcome = await probeOnce(targetOf(peer), {
      adapterFor: () => ({
        buildRequest: ({ baseUrl }) => ({ method: 'GET', url: baseUrl, headers: {}, body: null }),
        judge: () => {
          throw new RangeError('out of range');
        },
        streamFormat: 'text/event-stream',
        streamJudge: () => {
          throw new RangeError('out of range');
        },
      }),
    });
    expect(outcome).toMatchObject({ category: 'config', fault: 'ours', statusCode: 200 });
    expect(outcome.errorMessage).toBe('Provider Health failed: RangeError: out of range');
  });
});

test('P2: a name that is looked up for longer than its time costs no more than that', async () => {
  const peer = await peerThat(good, { tls: LOCALHOST });
  const target = targetOf({ origin: `https://api.example.com:${peer.port}` }, { timeoutSeconds: 0.05 });
  const outcome = await probeOnce(target, { addressPolicy: 'public', lookup: () => {} });
  expect(outcome).toMatchObject({ category: 'timeout', fault: 'provider' });
  expect(peer.connections).toBe(0);
});

describe('no request is sent, and the fault is ours, when', () => {
  test('the key cannot be had', async () => {
    const peer = await peerThat(good);
    const keys = { resolve: () => Promise.reject(new KeyError('env:KEY is not set: set it')) };
    expect(await probeOnce(targetOf(peer), { keys })).toMatchObject({
      category: 'config',
      fault: 'ours',
      errorMessage: 'env:KEY is not set: set it',
      tokens: null,
      newConnection: null,
    });
    expect(peer.connections).toBe(0);
  });

  test('the key does not come in time (P2)', async () => {
    const peer = await peerThat(good);
    const keys = { resolve: () => new Promise<never>(() => {}) };
    expect(await probeOnce(targetOf(peer, { timeoutSeconds: 0.05 }), { keys })).toMatchObject({
      category: 'config',
      errorMessage: 'the key env:KEY could not be read within 0.05 s',
    });
  });

  test.each([
    ['a private address', 'http://127.0.0.1:9/v1'],
    ['a name of this machine', 'https://localhost/v1'],
    ['plain http', 'http://api.example.com/v1'],
  ])('the policy forbids %s', async (_what, baseUrl) => {
    const outcome = await probeOnce(targetOf({ origin: '' }, { baseUrl }), { addressPolicy: 'public' });
    expect(outcome).toMatchObject({ category: 'config', fault: 'ours' });
    expect(outcome.errorMessage).toMatch(/^baseUrl: expected https.* on the internet/);
  });

  test('a public name resolves to a forbidden address (K3)', async () => {
    const peer = await peerThat(good, { tls: LOCALHOST });
    const outcome = await probeOnce(targetOf({ origin: `https://api.example.com:${peer.port}` }), {
      addressPolicy: 'public',
      lookup: (_hostname, options, callback) => lookup('localhost', options, callback),
    });
    expect(outcome).toMatchObject({ category: 'config', fault: 'ours' });
    expect(peer.connections).toBe(0);
  });

  test('providers of the type have no such probe', async () => {
    const outcome = await probeOnce(targetOf({ origin: 'https://vertex.example' }, { type: 'vertex' }, 'models'));
    expect(outcome).toMatchObject({ category: 'config', fault: 'ours', tokens: null });
  });
});

describe('a name that does not resolve is', () => {
  const noSuchName = (
    _hostname: string,
    _options: object,
    callback: (error: NodeJS.ErrnoException, address: string) => void,
  ) => callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), '');

  test("the provider's fault where it is the type's own", async () => {
    const settings = { type: 'openai', baseUrl: PRESETS.openai.baseUrl } as const;
    const outcome = await probeOnce(targetOf({ origin: '' }, settings), {
      addressPolicy: 'public',
      lookup: noSuchName,
    });
    expect(outcome).toMatchObject({ category: 'dns', fault: 'provider' });
    expect(outcome.errorMessage).toBe('the name of api.openai.com does not resolve (ENOTFOUND)');
    expect(outcome.timings).toMatchObject({ dnsMs: null, connectMs: null });
  });

  test('ours where it was typed', async () => {
    const settings = { type: 'openai', baseUrl: 'https://api.opneai.com/v1' } as const;
    const outcome = await probeOnce(targetOf({ origin: '' }, settings), {
      addressPolicy: 'public',
      lookup: noSuchName,
    });
    expect(outcome).toMatchObject({ category: 'dns', fault: 'ours' });
  });
});

// Tried again, because a machine that stalls for 0.3 s makes the provider late.
test("the time that a key takes is not the provider's", { retry: 2 }, async () => {
  const peer = await peerThat((socket) => void setTimeout(() => socket.write(answer(GOOD)), 600));
  const keys = { resolve: () => new Promise<Secret>((resolve) => setTimeout(() => resolve(new Secret(KEY)), 700)) };
  expect(await probeOnce(targetOf(peer, { timeoutSeconds: 1 }), { keys })).toMatchObject({ isHealthy: true });
});

test('every probe sends the key of its moment, and the request of its kind', async () => {
  const peer = await peerThat(good);
  const ofTick = [KEY, KEY, 'another-key-of-the-same-name', KEY].map((text) => new Secret(text));
  const prober = testProber({ keys: { resolve: async () => ofTick.shift() ?? new Secret('') } });
  const target = targetOf(peer);
  for (const kind of ['completion', 'models', 'completion', 'completion'] as const) {
    await prober.probe({ ...target, kind });
  }
  await prober.close();
  const sent = peer.requests.map((text) => text.match(/^(\w+) [\s\S]*authorization: Bearer (\S+)/)?.slice(1));
  expect(sent).toEqual([
    ['POST', KEY],
    ['GET', KEY],
    ['POST', 'another-key-of-the-same-name'],
    ['POST', KEY],
  ]);
});

describe('tokens of a failed probe', () => {
  test('are estimated when it may have been answered, and none when it was refused', async () => {
    const silent = await peerThat(() => {});
    const refusing = await peerThat((socket) => void socket.write(answer('{}', {}, '500 Internal Server Error')));
    const settings = { timeoutSeconds: 0.5, maxTokens: 5 };
    expect((await probeOnce(targetOf(silent, settings))).tokens).toEqual({ input: 12, output: 5, estimated: true });
    expect((await probeOnce(targetOf(refusing, { maxTokens: 5 }))).tokens).toBeNull();
    expect((await probeOnce(targetOf(silent, settings, 'models'))).tokens).toBeNull();
  });
});

describe('the caller', () => {
  test('who ends a probe before its timeout gets null', async () => {
    const cancel = new AbortController();
    const peer = await peerThat(() => cancel.abort());
    const prober = testProber();
    expect(await prober.probe(targetOf(peer), cancel.signal)).toBeNull();
    await peer.idle();
    await prober.close();
  });

  test('whose signal had aborted before gets null, and nothing is sent', async () => {
    const peer = await peerThat(good);
    const prober = testProber();
    expect(await prober.probe(targetOf(peer), AbortSignal.abort())).toBeNull();
    expect(peer.connections).toBe(0);
    await prober.close();
  });

  test('who closes the prober ends what is under way, and nothing begins afterwards', async () => {
    const { promise: asked, resolve } = signalled();
    const peer = await peerThat(resolve);
    const prober = testProber();
    const result = prober.probe(targetOf(peer));
    await asked;
    await prober.close();
    expect(await result).toBeNull();
    expect(await prober.probe(targetOf(peer))).toBeNull();
    await peer.idle();
  });
});

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

function signalled(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
