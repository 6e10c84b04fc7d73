import { createHealthReader, withFailover } from 'provider-health/reader';

const health = createHealthReader({
  url: process.env.PROVIDER_HEALTH_URL ?? 'http://127.0.0.1:3000',
  auth: { type: 'none' },
  providers: ['openai', 'mistral'],
});
await health.warmUp();

const endpoints = {
  openai: { url: process.env.OPENAI_URL, key: process.env.OPENAI_API_KEY, model: 'gpt-6-luna' },
  mistral: { url: process.env.MISTRAL_URL, key: process.env.MISTRAL_API_KEY, model: 'ministral-3b-latest' },
};

export async function ask(prompt: string): Promise<{ provider: string; answer: unknown }> {
  const { value, provider } = await withFailover({
    reader: health,
    attempt: async (provider, { signal }) => {
      const { url, key, model } = endpoints[provider];
      const response = await fetch(`${url}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: prompt }] }),
        signal,
      });
      // Read here, an answer that breaks off, or is an error with status 200, fails over too.
      return response.ok ? response.json() : response;
    },
  });
  return { provider, answer: value instanceof Response ? await value.json() : value };
}
