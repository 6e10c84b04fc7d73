/** The Vercel AI SDK, on the provider that is healthiest now, and on the next where that fails. */

import { generateText, type LanguageModel, streamText } from 'ai';
import { type HealthReader, withFailover } from 'provider-health/reader';

/** @param models Of each provider that the reader was made with. */
export async function answer<Id extends string>(
  health: HealthReader<Id>,
  models: Record<Id, LanguageModel>,
  prompt: string,
): Promise<{ text: string; provider: Id }> {
  const { value, provider } = await withFailover({
    reader: health,
    // No retries at a provider that fails: another one is healthier.
    attempt: (id, { signal }) => generateText({ model: models[id], prompt, abortSignal: signal, maxRetries: 0 }),
  });
  return { text: value.text, provider };
}

/** The same as a stream: it moves on until a first token has come, and says so where a provider falls silent later. */
export async function streamedAnswer<Id extends string>(
  health: HealthReader<Id>,
  models: Record<Id, LanguageModel>,
  prompt: string,
): Promise<{ text: AsyncIterable<string>; provider: Id }> {
  const { value, provider } = await withFailover({
    reader: health,
    firstTokenTimeoutMs: 5000,
    stallTimeoutMs: 15_000,
    // The whole result: its streams and promises are there for the caller, as without a failover.
    attempt: (id, { signal }) =>
      streamText({ model: models[id], prompt, abortSignal: signal, maxRetries: 0, onError: () => {} }),
  });
  return { text: value.textStream, provider };
}
