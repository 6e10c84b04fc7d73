/** A configuration of the Portkey gateway, made from the current ranking: send it as the header `x-portkey-config`. */

import type { HealthReader } from 'provider-health/reader';

/** Each provider as Portkey knows it: `@…` is the slug of an integration, which has the key. */
const TARGETS = {
  openai: { provider: '@openai', override_params: { model: 'gpt-6-luna' } },
  claude: { provider: '@anthropic', override_params: { model: 'claude-haiku-5-5' } },
  gemini: { provider: '@google', override_params: { model: 'gemini-3.5-flash-lite' } },
};

export async function portkeyConfig(health: HealthReader<keyof typeof TARGETS>) {
  const { ranked } = await health.rank();
  return {
    // Tried in this order; without `on_status_codes`, every answer but a 2xx goes on to the next.
    strategy: { mode: 'fallback' },
    targets: ranked.map(({ provider }) => TARGETS[provider]),
  };
}
