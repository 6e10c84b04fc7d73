/** Limits the bytes that a cold start reads. Its milliseconds would depend on the machine. */

import { describe, expect, it } from 'vitest';
import { bundleSource, HANDLERS, type HandlerName } from '../../../lib/stack/functions/handler-source.ts';

/** kB of the module and what it imports at once; some 8 % more than they have. A larger one needs a reason. */
const MOST_KB: Readonly<Record<HandlerName, number>> = { check: 770, api: 390, manage: 860, alerts: 620 };

const STATIC_IMPORT = /(?:from|import)\s?["']\.\/([^"']+)["']/g;

/** The modules that are loaded before the handler is called, by name. */
function loadedAtOnce(handler: HandlerName): Map<string, string> {
  const modules = new Map(
    bundleSource(handler).map(({ name, contents }) => [name, Buffer.from(contents).toString('utf8')]),
  );
  const loaded = new Map<string, string>();
  const queue = ['index.mjs'];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const text = modules.get(name);
    if (text === undefined || loaded.has(name)) continue;
    loaded.set(name, text);
    for (const [, imported = ''] of text.matchAll(STATIC_IMPORT)) queue.push(imported);
  }
  return loaded;
}

describe.each(HANDLERS)('a cold start of %s', (handler) => {
  const loaded = loadedAtOnce(handler);
  const text = [...loaded.values()].join('\n');

  it('reads few bytes', () => {
    expect(Buffer.byteLength(text) / 1000).toBeLessThan(MOST_KB[handler]);
  });

  it.each([
    ['the AWS SDK', /middlewareStack|defaultProvider::/],
    ['what of undici is not used: mocks, caches, WebSocket', /MockAgent|CacheStorage|WebSocketStream/],
    ['what only Bedrock needs: its signer and the codec of its frames', /x-amzn-trace-id|prelude checksum/],
    ['all that node:http and node:crypto export', /from\s?["']node:(http|crypto)["']/],
  ])('does not load %s', (_what, sign) => {
    expect(text.match(sign)?.[0]).toBeUndefined();
  });
});
