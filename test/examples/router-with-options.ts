import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { createHealthReader, withFailover } from 'provider-health/reader';

// Outside of the handler. Without `tableName` it is the variable that the stack sets where it grants the table.
const health = createHealthReader({
  providers: ['openai', 'claude', 'glm'],
  cacheSeconds: 5,
  budgetMs: 100,
  whenStale: 'assume-healthy',
  onProblem: (problem) => console.warn(JSON.stringify({ event: 'health unreadable', ...problem })),
});
await health.warmUp();

// The failover decides who is asked next: an SDK that tries again by itself takes its time.
const openai = new OpenAI({ maxRetries: 0 });
const claude = new Anthropic({ maxRetries: 0 });
const glm = new OpenAI({ maxRetries: 0, apiKey: process.env.GLM_API_KEY, baseURL: process.env.GLM_BASE_URL });

export async function* ask(prompt: string): AsyncGenerator<string> {
  const messages = [{ role: 'user' as const, content: prompt }];
  const { value, provider, failed } = await withFailover({
    reader: health,
    strategy: 'weighted',
    firstTokenTimeoutMs: 5000,
    hedgeAfterMs: 2000,
    deadlineMs: 20_000,
    attempt: async (provider, { signal }) => {
      switch (provider) {
        case 'openai':
          return textOf(openai.chat.completions.create({ model: 'gpt-6-luna', messages, stream: true }, { signal }));
        case 'glm':
          return textOf(glm.chat.completions.create({ model: 'glm-4.7-flashx', messages, stream: true }, { signal }));
        case 'claude':
          return claudeText(messages, signal);
      }
    },
    isFirstToken: (text) => text !== '',
  });
  console.log(JSON.stringify({ event: 'answered', provider, failed }));
  yield* value;
}

async function* textOf(stream: PromiseLike<AsyncIterable<OpenAI.ChatCompletionChunk>>): AsyncGenerator<string> {
  for await (const chunk of await stream) yield chunk.choices[0]?.delta.content ?? '';
}

async function* claudeText(messages: Anthropic.MessageParam[], signal: AbortSignal): AsyncGenerator<string> {
  const request = { model: 'claude-haiku-5-5', max_tokens: 1024, messages, stream: true as const };
  for await (const event of await claude.messages.create(request, { signal })) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield event.delta.text;
  }
}
