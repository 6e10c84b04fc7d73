import { EventStreamCodec } from '@smithy/core/event-streams';
import { afterEach, describe, expect, test } from 'vitest';
import { type Behaviour, type Peer, sendInParts, startPeer } from '../support/servers/peer.ts';
import { probeOnce, targetOf } from '../support/servers/probing.ts';

const peers: Peer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

const HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\nx-amzn-requestid: 8a1f2b3c-4d5e\r\nconnection: close\r\n\r\n';
const START = event('messageStart', { role: 'assistant', p: 'abcd' });
const TOKEN = event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'ök' }, p: 'abcdefgh' });
const BLOCK_STOP = event('contentBlockStop', { contentBlockIndex: 0, p: 'a' });
const STOP = event('messageStop', { stopReason: 'max_tokens', p: 'ab' });
const METADATA = event('metadata', { usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 }, metrics: {} });
const WHOLE = Buffer.concat([START, TOKEN, TOKEN, BLOCK_STOP, STOP, METADATA]);

async function streamed(behave: Behaviour) {
  const peer = await startPeer(behave);
  peers.push(peer);
  const settings = { type: 'bedrock', model: 'amazon.nova-micro-v1:0', baseUrl: peer.origin } as const;
  return { peer, outcome: await probeOnce(targetOf(peer, settings, 'stream')) };
}

function sends(...parts: (string | Buffer)[]): Behaviour {
  return (socket) => void sendInParts(socket, parts).then(() => socket.end());
}

describe('a stream of ConverseStream is healthy', () => {
  test.each([
    ['at once', sends(HEAD, WHOLE)],
    ['frame by frame', sends(HEAD, START, TOKEN, TOKEN, BLOCK_STOP, STOP, METADATA)],
    ['byte by byte', sends(HEAD, ...bytesOf(WHOLE))],
    ['without its metadata', sends(HEAD, START, TOKEN, TOKEN, BLOCK_STOP, STOP)],
    ['with frames of a kind that is not known', sends(HEAD, START, frame({ ':message-type': 'later' }, {}), WHOLE)],
  ])('that comes %s', async (_how, behave) => {
    const { peer, outcome } = await streamed(behave);
    expect(outcome).toMatchObject({ isHealthy: true, errorMessage: null, probe: 'stream', requestId: '8a1f2b3c-4d5e' });
    expect(outcome.tokens?.output).toBe(2);
    expect(outcome.timings.firstTokenMs).toBeLessThanOrEqual(outcome.responseTimeMs + 0.5);
    expect(peer.requests[0]).toMatch(/^POST \/model\/amazon\.nova-micro-v1%3A0\/converse-stream HTTP/);
    expect(peer.requests[0]).toMatch(/\r\naccept: application\/vnd\.amazon\.eventstream\r\n/i);
  });

  test('with the token use that its metadata say', async () => {
    const { outcome } = await streamed(sends(HEAD, WHOLE));
    expect(outcome.tokens).toEqual({ input: 5, output: 2, estimated: false });
  });
});

describe('a stream of ConverseStream is not healthy', () => {
  test.each([
    ['throttlingException', 'rate_limited', 'ours'],
    ['serviceUnavailableException', 'overloaded', 'provider'],
    ['modelStreamErrorException', 'server_error', 'provider'],
    ['internalServerException', 'server_error', 'provider'],
    ['validationException', 'bad_request', 'ours'],
  ])('that ends with %s', async (name, category, fault) => {
    const failed = frame({ ':message-type': 'exception', ':exception-type': name }, { message: 'What it means' });
    const { outcome } = await streamed(sends(HEAD, START, TOKEN, failed));
    expect(outcome).toMatchObject({ isHealthy: false, category, fault });
    expect(outcome.errorMessage).toContain(`${name}`);
    expect(outcome.errorMessage).toContain('What it means');
  });

  test('that ends with an error of the service', async () => {
    const error = { ':message-type': 'error', ':error-code': 'InternalFailure', ':error-message': 'It broke' };
    const { outcome } = await streamed(sends(HEAD, START, frame(error, {})));
    expect(outcome).toMatchObject({ isHealthy: false, category: 'server_error' });
    expect(outcome.errorMessage).toContain('It broke');
  });

  test.each([
    ['that is cut within a frame', [START, TOKEN.subarray(0, -3)], 'ended without its end marker after 1 events'],
    ['of no frame', [], 'no event at all'],
    ['with a byte that was changed', [START, changed(TOKEN)], 'checksum'],
    ['of text', ['data: {"choices":[]}\n\n'], 'got a frame of 1684108385 bytes'],
    ['of a frame that never ends', [Buffer.from([0x7f, 0xff, 0xff, 0xff])], 'got a frame of 2147483647 bytes'],
    ['of a payload that is no JSON', [frame(named('contentBlockDelta'), 'oops')], 'no JSON object'],
  ])('%s', async (_what, parts, words) => {
    const { outcome } = await streamed(sends(HEAD, ...parts));
    expect(outcome).toMatchObject({ isHealthy: false, category: 'invalid_response' });
    expect(outcome.errorMessage).toContain(words);
  });

  test('that comes as server-sent events', async () => {
    const head = HEAD.replace('application/vnd.amazon.eventstream', 'text/event-stream');
    const { outcome } = await streamed(sends(head, 'data: {}\n\n'));
    expect(outcome).toMatchObject({ isHealthy: false, category: 'invalid_response' });
  });
});

function named(type: string) {
  return { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' };
}

function event(type: string, payload: object): Buffer {
  return frame(named(type), payload);
}

function frame(headers: Record<string, string>, payload: object | string): Buffer {
  const codec = new EventStreamCodec(
    (bytes) => (typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes)),
    (text) => new TextEncoder().encode(text),
  );
  const typed = Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }] as const);
  const body = new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload));
  return Buffer.from(codec.encode({ headers: Object.fromEntries(typed), body }));
}

function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(copy.length - 8) ^ 1, copy.length - 8);
  return copy;
}

function bytesOf(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (byte) => Buffer.from([byte]));
}
