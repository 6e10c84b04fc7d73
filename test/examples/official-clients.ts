/** The clients of OpenAI and Anthropic, each with its own request; what fails in real traffic is reported to the monitor. */

import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import { type HealthReader, type Reporter, withFailover } from 'provider-health/reader';

interface Router {
  health: HealthReader<'openai' | 'claude'>;
  reporter: Reporter;
  openai: OpenAI;
  anthropic: Anthropic;
}

export async function answer({ health, reporter, openai, anthropic }: Router, prompt: string) {
  const messages = [{ role: 'user' as const, content: prompt }];
  const ask = {
    async openai(signal: AbortSignal) {
      const request = { model: 'gpt-6-luna', messages };
      const { choices } = await openai.chat.completions.create(request, { signal, maxRetries: 0 });
      return choices[0]?.message.content ?? '';
    },
    async claude(signal: AbortSignal) {
      const request = { model: 'claude-haiku-5-5', max_tokens: 1024, messages };
      const { content } = await anthropic.messages.create(request, { signal, maxRetries: 0 });
      return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    },
  };
  const { value, provider } = await withFailover({
    reader: health,
    attempt: reporter.watch((id, { signal }) => ask[id](signal)),
  });
  return { text: value, provider };
}
