/** The configuration of a LiteLLM proxy, made from the current ranking: clients ask for "chat" and get the best provider. */

import type { HealthReader } from 'provider-health/reader';

/** Each provider as LiteLLM calls it. `os.environ/…` is a reference that LiteLLM resolves; no key is in here. */
const DEPLOYMENTS = {
  openai: { model: 'openai/gpt-6-luna', api_key: 'os.environ/OPENAI_API_KEY' },
  claude: { model: 'anthropic/claude-haiku-5-5', api_key: 'os.environ/ANTHROPIC_API_KEY' },
  gemini: { model: 'gemini/gemini-3.5-flash-lite', api_key: 'os.environ/GEMINI_API_KEY' },
};

/** JSON is YAML: write `JSON.stringify` of it to config.yaml, and restart the proxy when the order has changed. */
export async function liteLlmConfig(health: HealthReader<keyof typeof DEPLOYMENTS>) {
  const { ranked } = await health.rank();
  // The best one answers to "chat"; the others only step in, in their order.
  const models = ranked.map(({ provider }, place) => ({
    model_name: place === 0 ? 'chat' : provider,
    litellm_params: DEPLOYMENTS[provider],
  }));
  const others = models.slice(1).map(({ model_name }) => model_name);
  return {
    model_list: models,
    // No retries of its own at a provider that fails: the next one is healthier.
    router_settings: { num_retries: 0, fallbacks: [{ chat: others }] },
  };
}
