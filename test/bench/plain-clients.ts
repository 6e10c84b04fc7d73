/** The contenders that most programs would write: every provider at once, a clock around the `await`. */

import { Agent, request } from 'undici';
import { CA, type Tick, urlOf } from './client.ts';
import { NOWHERE, type Writer } from './plain-writers.ts';

const TIMEOUT_MS = 10_000;
const BODY = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'Reply with: ok' }], max_tokens: 1 });
const REQUEST = { method: 'POST', headers: { 'content-type': 'application/json' }, body: BODY } as const;

type Ask = (url: string) => Promise<unknown>;

export function fetchTick(ports: readonly number[]): Tick {
  return plainTick(ports, async (url) => (await fetch(url, { ...REQUEST, signal: timeout() })).json(), NOWHERE);
}

export function undiciTick(ports: readonly number[], writer: Writer | null): Tick {
  const dispatcher = new Agent({ connect: { ca: CA } });
  const ask: Ask = async (url) => (await request(url, { ...REQUEST, dispatcher, signal: timeout() })).body.json();
  return plainTick(ports, ask, writer ?? NOWHERE);
}

function timeout(): AbortSignal {
  return AbortSignal.timeout(TIMEOUT_MS);
}

function plainTick(ports: readonly number[], ask: Ask, writer: Writer): Tick {
  return async () => {
    const measuredMs = await Promise.all(
      ports.map(async (port, index) => {
        const startedAt = performance.now();
        try {
          await ask(urlOf(port));
        } catch {
          return null;
        }
        const measured = performance.now() - startedAt;
        await writer.put(index, measured);
        return measured;
      }),
    );
    await writer.flush();
    return { measuredMs, uncertain: measuredMs.map(() => false) };
  };
}
