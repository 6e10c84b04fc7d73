/** Every way in which a provider's server is known to fail, and the result that a probe must give. */

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Category } from '../../../lib/health/category.ts';
import { ELSEWHERE, LOCALHOST } from './certificates.ts';
import { answer, type Behaviour, drip, forever, type PeerOptions, sendInParts } from './peer.ts';

export interface Misbehaviour {
  /** Completes "a provider that …". */
  name: string;
  category: Category;
  behave: Behaviour;
  options?: PeerOptions;
  /** Whether only the deadline ends it. */
  hangs?: true;
  /** Whether the prober trusts the peer's certificate. Default true. */
  trusted?: false;
}

/** A good answer of a provider of the type `openai-compatible`. */
export const GOOD = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_772_359_200,
  model: 'test-model',
  choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 12, completion_tokens: 1, total_tokens: 13 },
});
const CHUNKED = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
/** 256 MiB of zeros in 211 bytes. */
const BROTLI_BOMB = Buffer.from(
  'z///f/gnAOKxQCD3/p/////wTwDEYQGA7v0/////4Z8AiMMiAN37f/7//8M/ARCHBQC69//8//+HfwIgDgsAdO//+f//D/8EQBwWAOje//P//x/+CYA4LADQvf/n//8//BMAcVgAoHv/z///f/gnAOKwAED3/p/////wTwDEYQGA7v0/////4Z8AiMMCAN37f/7//8M/ARCHBQC69//8//+HfwIgDgsAdO//+f//D/8EQBwWAOje//P//x/+CYA4LADQvf/P//9//BMAcVgAoHv/Dw==',
  'base64',
);
const SIXTEEN_MIB = Buffer.alloc(16 * 2 ** 20);

const silent: Behaviour = () => {};

export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  { name: 'never answers', category: 'timeout', hangs: true, behave: silent },
  {
    name: 'never reads',
    category: 'timeout',
    hangs: true,
    behave: silent,
    options: { onConnection: (socket) => void socket.pause() },
  },
  {
    name: 'sends its answer byte by byte',
    category: 'timeout',
    hangs: true,
    behave: (socket) => drip(socket, answer(GOOD.padEnd(5000)).toString()),
  },
  {
    name: 'sends headers byte by byte and without end',
    category: 'timeout',
    hangs: true,
    behave: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      drip(socket, 'x-filler: 1\r\n', true);
    },
  },
  {
    name: 'sends informational answers without end',
    category: 'too_large',
    behave: (socket) => forever(socket, () => 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
  },
  {
    name: 'sends informational answers slowly and without end',
    category: 'timeout',
    hangs: true,
    behave: (socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n', true),
  },
  {
    name: 'sends a body byte by byte and without end',
    category: 'timeout',
    hangs: true,
    behave: (socket) => {
      socket.write(CHUNKED);
      drip(socket, '1\r\n \r\n', true);
    },
  },
  {
    name: 'stops in the middle of its answer',
    category: 'timeout',
    hangs: true,
    behave: (socket) => void socket.write(answer(GOOD).subarray(0, -3)),
  },
  {
    name: 'takes connections and never begins TLS',
    category: 'timeout',
    hangs: true,
    behave: silent,
    options: { scheme: 'https', onConnection: () => {} },
  },
  {
    name: 'sends headers without end',
    category: 'too_large',
    behave: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      forever(socket, () => `x-filler: ${'a'.repeat(1000)}\r\n`);
    },
  },
  {
    name: 'sends one header line without end',
    category: 'too_large',
    behave: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-filler: ');
      forever(socket, () => 'a'.repeat(1000));
    },
  },
  {
    name: 'sends a body without end',
    category: 'too_large',
    behave: (socket) => {
      socket.write(CHUNKED);
      forever(socket, () => `3e8\r\n${' '.repeat(1000)}\r\n`);
    },
  },
  {
    name: 'answers with 65 KiB',
    category: 'too_large',
    behave: (socket) => void socket.write(answer(GOOD.padEnd(65 * 1024))),
  },
  {
    name: 'answers 211 bytes of brotli that unpack to 256 MiB',
    category: 'too_large',
    behave: (socket) => void socket.write(answer(BROTLI_BOMB, { 'content-encoding': 'br' })),
  },
  {
    name: 'answers gzip that unpacks to 16 MiB',
    category: 'too_large',
    behave: (socket) => void socket.write(answer(gzipSync(SIXTEEN_MIB), { 'content-encoding': 'gzip' })),
  },
  {
    name: 'answers deflate that unpacks to 16 MiB',
    category: 'too_large',
    behave: (socket) => void socket.write(answer(deflateSync(SIXTEEN_MIB), { 'content-encoding': 'deflate' })),
  },
  {
    name: 'answers gzip that is none',
    category: 'invalid_response',
    behave: (socket) => void socket.write(answer(GOOD, { 'content-encoding': 'gzip' })),
  },
  {
    name: 'answers gzip that is cut',
    category: 'invalid_response',
    behave: (socket) => void socket.write(answer(gzipSync(GOOD).subarray(0, -8), { 'content-encoding': 'gzip' })),
  },
  {
    name: 'answers in an encoding that was not asked for and is not known',
    category: 'invalid_response',
    behave: (socket) => void socket.write(answer(brotliCompressSync(GOOD), { 'content-encoding': 'zstd' })),
  },
  {
    name: 'says it sends more than it does',
    category: 'invalid_response',
    behave: (socket) => void socket.end(answer(GOOD, { 'content-length': '100' })),
  },
  {
    name: 'sends a body without a length and breaks it off',
    category: 'connect',
    behave: (socket) => {
      socket.write(CHUNKED);
      socket.end('5\r\n{"id"\r\n');
    },
  },
  {
    name: 'speaks another protocol',
    category: 'invalid_response',
    behave: (socket) => void socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
  },
  {
    name: 'resets the connection when the request comes',
    category: 'connect',
    behave: (socket) => void socket.resetAndDestroy(),
  },
  {
    name: 'closes the connection when the request comes',
    category: 'connect',
    behave: (socket) => void socket.end(),
  },
  {
    name: 'closes every connection at once',
    category: 'connect',
    behave: silent,
    options: { onConnection: (socket) => void socket.end() },
  },
  {
    name: 'resets the connection in the middle of its answer',
    category: 'connect',
    behave: (socket) => void sendInParts(socket, [answer(GOOD).subarray(0, -3)]).then(() => socket.resetAndDestroy()),
  },
  {
    name: 'has a certificate of no known authority',
    category: 'tls',
    trusted: false,
    behave: silent,
    options: { tls: LOCALHOST },
  },
  {
    name: 'has a certificate for another name',
    category: 'tls',
    behave: silent,
    options: { tls: ELSEWHERE },
  },
  {
    name: 'speaks plain HTTP where TLS was expected',
    category: 'config',
    behave: silent,
    options: { scheme: 'https', onConnection: (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n') },
  },
  {
    name: 'redirects',
    category: 'redirect',
    behave: (socket) => void socket.write(answer('', { location: 'https://elsewhere.example/v1' }, '307 Temporary')),
  },
  {
    name: 'redirects with a body without end',
    category: 'redirect',
    behave: (socket) => {
      socket.write('HTTP/1.1 302 Found\r\nlocation: /login\r\ntransfer-encoding: chunked\r\n\r\n');
      forever(socket, () => `3e8\r\n${' '.repeat(1000)}\r\n`);
    },
  },
  {
    name: 'answers a page',
    category: 'invalid_response',
    behave: (socket) => void socket.write(answer('<!doctype html><p>Welcome</p>', { 'content-type': 'text/html' })),
  },
  { name: 'answers nothing', category: 'invalid_response', behave: (socket) => void socket.write(answer('')) },
];

/** Certificates of the peers that are to be trusted. */
export const TRUSTED = [LOCALHOST.cert, ELSEWHERE.cert].join('\n');
