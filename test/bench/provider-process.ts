/**
 * A process of mock providers with a known latency, one TLS port each. It reports how long each answer really took:
 * from request read to answer written, by its own clock.
 */

import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:tls';
import { latencies, noise } from './latency.ts';
import type { ProviderCommand, ProviderReport } from './protocol.ts';

/** Like the certificates of large providers: P-256, some names, and an intermediate authority. */
const IDENTITY = {
  key: readFileSync(new URL('tls/leaf.key.pem', import.meta.url)),
  cert: readFileSync(new URL('tls/chain.cert.pem', import.meta.url)),
};

const COMPLETION = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1767225600,
  model: 'bench',
  choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
});

/** By provider; cleared by each `truth`. */
let truths: (number | null)[] = [];

// Nothing is left when the benchmark ends early.
process.on('disconnect', () => process.exit());
process.on('message', async (command: ProviderCommand) => {
  switch (command.kind) {
    case 'listen':
      return report({ kind: 'listening', ports: await listen(command.providers, command.warm) });
    case 'truth':
      report({ kind: 'truth', latenciesMs: truths });
      truths = truths.map(() => null);
      return;
  }
});

function report(message: ProviderReport): void {
  process.send?.(message);
}

async function listen(providers: number, warm: boolean): Promise<number[]> {
  truths = Array.from({ length: providers }, () => null);
  return Promise.all(
    latencies(providers).map(
      (latencyMs, index) =>
        new Promise<number>((resolve) => {
          const server = createServer({ ...IDENTITY, noDelay: true }, (socket) =>
            serve(socket, index, latencyMs, warm),
          );
          server.on('tlsClientError', () => {});
          server.listen(0, '127.0.0.1', 1024, () => resolve((server.address() as AddressInfo).port));
        }),
    ),
  );
}

/** As little HTTP as a probe needs, so that this process is not the slow part. */
function serve(socket: Socket, index: number, latencyMs: number, warm: boolean): void {
  let received = '';
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    const headEnd = received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
    if (received.length < headEnd + 4 + length) return;
    received = '';
    const readAt = performance.now();
    setTimeout(() => {
      const connection = warm ? 'keep-alive' : 'close';
      const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${COMPLETION.length}\r\nconnection: ${connection}\r\n\r\n`;
      truths[index] = performance.now() - readAt;
      if (warm) socket.write(head + COMPLETION);
      else socket.end(head + COMPLETION);
    }, latencyMs * noise());
  });
}
