import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { afterReading } from '../support/running-time.ts';
import { GOOD } from '../support/servers/misbehaviours.ts';
import { answer, type Behaviour, type Peer, sendInParts, startPeer } from '../support/servers/peer.ts';
import { probeOnce, targetOf } from '../support/servers/probing.ts';

const peers: Peer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\r\n';
const ROLE = event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] });
const TOKEN = event({ choices: [{ index: 0, delta: { content: 'ök' } }] });
const USAGE = event({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 5 } });
const FINISH = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const DONE = 'data: [DONE]\n\n';
const WHOLE = ROLE + TOKEN + TOKEN + FINISH + USAGE + DONE;

async function streamed(behave: Behaviour, settings = {}) {
  const peer = await startPeer(behave);
  peers.push(peer);
  return probeOnce(targetOf(peer, settings, 'stream'));
}

function sends(...parts: (string | Buffer)[]): Behaviour {
  return (socket) => void sendInParts(socket, parts).then(() => socket.end());
}

describe('a stream is healthy', () => {
  test.each([
    ['at once', sends(HEAD + WHOLE)],
    ['event by event', sends(HEAD, ROLE, TOKEN, TOKEN, FINISH, USAGE, DONE)],
    ['byte by byte, through characters and line ends', sends(HEAD, ...bytesOf(WHOLE))],
    ['with CRLF line ends, byte by byte', sends(HEAD, ...bytesOf(WHOLE.replaceAll('\n', '\r\n')))],
    ['between comments that keep the connection alive', sends(HEAD, ': ping\n\n', ROLE, ':\n\n', TOKEN, FINISH, DONE)],
    ['without the empty line after the last event', sends(HEAD, ROLE, TOKEN, FINISH, DONE.trimEnd())],
    [
      'compressed, although that was not asked for',
      sends(HEAD.replace('\r\n\r\n', '\r\ncontent-encoding: gzip\r\n\r\n'), gzipSync(WHOLE)),
    ],
  ])('that comes %s', async (_how, behave) => {
    const outcome = await streamed(behave);
    expect(outcome).toMatchObject({ isHealthy: true, probe: 'stream', statusCode: 200 });
    expect(outcome.timings.firstTokenMs).toBeGreaterThanOrEqual(outcome.timings.firstByteMs ?? Infinity);
    expect(outcome.timings.firstTokenMs).toBeLessThanOrEqual(outcome.responseTimeMs + 0.5);
  });

  test('with the tokens a second that came after the first one', async () => {
    const outcome = await streamed(async (socket) => {
      await sendInParts(socket, [HEAD, ROLE, TOKEN]);
      await afterReading();
      await new Promise((resolve) => setTimeout(resolve, 40));
      await sendInParts(socket, [TOKEN, FINISH, USAGE, DONE]);
      socket.end();
    });
    const spanMs = outcome.responseTimeMs - (outcome.timings.firstTokenMs ?? 0);
    expect(outcome.tokens).toEqual({ input: 12, output: 5, estimated: false });
    // Four tokens after the first, in a little less than the time from the first to the end.
    expect(outcome.tokensPerSecond).toBeGreaterThanOrEqual(Math.floor(4000 / (spanMs + 1)));
    expect(outcome.tokensPerSecond).toBeLessThanOrEqual(4000 / 39);
  });

  test('without a speed when all tokens came at once', async () => {
    expect(await streamed(sends(HEAD + WHOLE))).toMatchObject({ isHealthy: true, tokensPerSecond: null });
  });
});

describe('a stream is invalid_response', () => {
  test.each([
    ['that stops without its end marker', sends(HEAD, ROLE, TOKEN)],
    ['that is cut within an event', sends(HEAD, ROLE, TOKEN, FINISH, DONE.slice(0, 9))],
    ['without events', sends(HEAD)],
    ['of events that are no JSON', sends(HEAD, 'data: hello\n\n', DONE)],
    ['that is a page', (socket) => void socket.write(answer('<html>', { 'content-type': 'text/html' }))],
    ['that is no stream, but a good answer at once', (socket) => void socket.write(answer(GOOD))],
  ] satisfies [string, Behaviour][])('%s', async (_what, behave) => {
    expect(await streamed(behave)).toMatchObject({
      isHealthy: false,
      category: 'invalid_response',
      tokensPerSecond: null,
    });
  });
});

test('a stream whose error comes after its status is judged by that error', async () => {
  const error = event({ error: { message: 'the worker is gone', type: 'server_error', code: 'server_error' } });
  expect(await streamed(sends(HEAD, ROLE, error, DONE))).toMatchObject({ isHealthy: false, category: 'server_error' });
});

test('a refused stream is judged by its status and body', async () => {
  const refusal = answer('{"error":{"message":"no","code":"invalid_api_key"}}', {}, '401 Unauthorized');
  expect(await streamed((socket) => void socket.write(refusal))).toMatchObject({ category: 'auth', statusCode: 401 });
});

test('a stream larger than 64 KiB is too_large (P3)', async () => {
  expect(await streamed(sends(HEAD, ROLE, TOKEN.repeat(2000), DONE))).toMatchObject({ category: 'too_large' });
});

test('a first token that does not come in firstTokenTimeoutSeconds is a timeout, though the stream goes on', async () => {
  const outcome = await streamed((socket) => void sendInParts(socket, [HEAD, ROLE]), {
    firstTokenTimeoutSeconds: 0.05,
  });
  expect(outcome).toMatchObject({ category: 'timeout', statusCode: 200 });
  expect(outcome.errorMessage).toContain('no token within 0.05 s');
  expect(outcome.tokens).toMatchObject({ estimated: true });
});

// Tried again, because a machine that stalls for 0.3 s makes the token late.
test('a first token in time leaves the rest of the stream the whole timeout', { retry: 2 }, async () => {
  const outcome = await streamed(
    async (socket) => {
      await sendInParts(socket, [HEAD, ROLE, TOKEN]);
      await new Promise((resolve) => setTimeout(resolve, 350));
      await sendInParts(socket, [FINISH, DONE]);
      socket.end();
    },
    { firstTokenTimeoutSeconds: 0.3 },
  );
  expect(outcome).toMatchObject({ isHealthy: true });
});

function event(data: object): string {
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'test-model', ...data })}\n\n`;
}

function bytesOf(text: string): Buffer[] {
  return Array.from(Buffer.from(text), (byte) => Buffer.of(byte));
}
