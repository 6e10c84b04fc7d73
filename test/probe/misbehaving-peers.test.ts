import { afterEach, describe, expect, test } from 'vitest';
import { afterRunning } from '../support/running-time.ts';
import { MISBEHAVIOURS, type Misbehaviour, TRUSTED } from '../support/servers/misbehaviours.ts';
import { type Peer, startPeer } from '../support/servers/peer.ts';
import { KEY, probeOnce, targetOf } from '../support/servers/probing.ts';

/** Of those that only a timeout ends, and of the others, which a loaded machine must not make late. */
const TIMEOUT_SECONDS = 0.2;
const PATIENT_SECONDS = 20;

const peers: Peer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

async function probed(misbehaviour: Misbehaviour, hangsForSeconds = TIMEOUT_SECONDS) {
  const peer = await startPeer(misbehaviour.behave, misbehaviour.options);
  peers.push(peer);
  const tls = misbehaviour.trusted === false ? {} : { ca: TRUSTED };
  const timeoutSeconds = misbehaviour.hangs ? hangsForSeconds : PATIENT_SECONDS;
  return { peer, outcome: probeOnce(targetOf(peer, { timeoutSeconds }), { tls }) };
}

describe('a provider that', () => {
  test.each(MISBEHAVIOURS)('$name is $category, leaves no socket (P8), and shows no key (K1)', async (misbehaviour) => {
    const { peer, outcome } = await probed(misbehaviour);
    expect(await outcome).toMatchObject({ isHealthy: false, category: misbehaviour.category });
    expect(peer.requests.length).toBeLessThanOrEqual(1);
    expect(leaks(JSON.stringify(await outcome))).toEqual([]);
    // A peer that does not read learns of the end only when it does.
    for (const socket of peer.open) socket.resume();
    await peer.idle();
    expect(peer.open.size).toBe(0);
  });
});

describe('P1, P2: a probe ends within its timeout + 500 ms', () => {
  const hanging = MISBEHAVIOURS.filter(({ hangs }) => hangs);
  test.each(hanging)('when the provider $name', async (misbehaviour) => {
    const { outcome } = await probed(misbehaviour);
    const late = afterRunning(TIMEOUT_SECONDS * 1000 + 500).then(() => 'late');
    expect(await Promise.race([outcome, late])).toMatchObject({ category: 'timeout', fault: 'provider' });
  });

  test('and the message says how far it came', async () => {
    const messages = await Promise.all(
      ['never answers', 'stops in the middle of its answer', 'takes connections and never begins TLS'].map(
        async (name) => {
          // Long enough to come as far as that on a busy machine.
          const { outcome } = await probed(named(name), 1.5);
          return (await outcome).errorMessage?.replace(/localhost:\d+/, 'HOST');
        },
      ),
    );
    expect(messages).toEqual([
      'no complete answer from HOST within 1.5 s: the request was sent, and no status came',
      'no complete answer from HOST within 1.5 s: status 200 came, but not the end of the answer',
      'no complete answer from HOST within 1.5 s: connected, but the TLS handshake did not end',
    ]);
  });
});

describe('P3: of an answer at most 64 KiB are read, counted after decoding', () => {
  test('a compressed answer of 211 bytes that unpacks to 256 MiB costs no memory', async () => {
    const before = process.resourceUsage().maxRSS;
    const { outcome } = await probed(named('answers 211 bytes of brotli that unpack to 256 MiB'));
    expect(await outcome).toMatchObject({ category: 'too_large' });
    // Less than half of what it unpacks to: the heap of the tests may grow a little meanwhile.
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(128);
  });
});

describe('P6: no redirect is followed', () => {
  test('no server but the provider sees the key', async () => {
    const elsewhere = await startPeer((socket) => void socket.end());
    peers.push(elsewhere);
    const peer = await startPeer((socket) => {
      socket.end(`HTTP/1.1 308 Permanent Redirect\r\nlocation: ${elsewhere.origin}/v1\r\ncontent-length: 0\r\n\r\n`);
    });
    peers.push(peer);
    const outcome = await probeOnce(targetOf(peer));
    expect(outcome).toMatchObject({ category: 'redirect', fault: 'ours', statusCode: 308 });
    expect(outcome.errorMessage).toContain(elsewhere.origin);
    expect(elsewhere.connections).toBe(0);
  });
});

describe('K1: no 12 characters of the key are in the outcome of a provider that', () => {
  const echoes: [string, (key: string) => string][] = [
    ['its status line', (key) => `HTTP/1.1 500 bad key ${key}\r\ncontent-length: 0\r\n\r\n`],
    [
      'a location',
      (key) => `HTTP/1.1 302 Found\r\nlocation: https://x.example/?key=${key}\r\ncontent-length: 0\r\n\r\n`,
    ],
    ['its content type', (key) => `HTTP/1.1 200 OK\r\ncontent-type: text/${key}\r\ncontent-length: 0\r\n\r\n`],
    ['its content encoding', (key) => `HTTP/1.1 200 OK\r\ncontent-encoding: ${key}\r\ncontent-length: 0\r\n\r\n`],
    ['its request id', (key) => `HTTP/1.1 500 No\r\nx-request-id: ${key}\r\ncontent-length: 0\r\n\r\n`],
    ['a page', (key) => `HTTP/1.1 200 OK\r\ncontent-length: ${key.length + 7}\r\n\r\n<html>${key}>`],
    [
      'an error',
      (key) => `HTTP/1.1 401 No\r\ncontent-length: ${key.length + 25}\r\n\r\n{"error":{"message":"no ${key}`,
    ],
    ['what is no HTTP', (key) => `${key}\r\n\r\n`],
  ];
  test.each(echoes)('echoes it in %s', async (_where, echo) => {
    const { outcome } = await probed({ name: '', category: 'connect', behave: (socket) => void socket.end(echo(KEY)) });
    expect(leaks(JSON.stringify(await outcome))).toEqual([]);
  });
});

function named(name: string): Misbehaviour {
  const found = MISBEHAVIOURS.find((misbehaviour) => misbehaviour.name === name);
  if (found === undefined) throw new Error(`no misbehaviour is called "${name}"`);
  return found;
}

/** Every 12 characters of the key that the text holds. */
function leaks(text: string): string[] {
  return Array.from({ length: KEY.length - 11 }, (_, start) => KEY.slice(start, start + 12)).filter((part) =>
    text.includes(part),
  );
}
