/** The examples that the README names, against simulated providers and the API of a monitor. */

import { once } from 'node:events';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { createHealthReader, createReporter } from 'provider-health/reader';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { behaviours } from '../../lib/local/simulator/behaviours.ts';
import { liteLlmConfig } from './litellm-config.ts';
import { type ExampleMonitor, startExampleMonitor } from './monitor.ts';
import { answer as clientsAnswer } from './official-clients.ts';
import { portkeyConfig } from './portkey-config.ts';
import { answer, streamedAnswer } from './vercel-ai-sdk.ts';

const IDS = ['openai', 'claude', 'gemini', 'deepseek-slow'];

let monitor: ExampleMonitor;

beforeEach(async () => {
  monitor = await startExampleMonitor(...IDS);
});

afterEach(() => monitor.close());

/** A loaded machine may take longer than a router would wait. */
const PATIENT_MS = 10_000;

function readerOf<const Id extends string>(...providers: Id[]) {
  return createHealthReader({ url: monitor.url, auth: { type: 'none' }, providers, budgetMs: PATIENT_MS });
}

async function bestOf<Id extends string>(health: { pick(): Promise<{ provider: Id | null }> }): Promise<Id> {
  const { provider } = await health.pick();
  if (provider === null) throw new Error('example: expected a provider, got none');
  return provider;
}

describe('the Vercel AI SDK', () => {
  const chatModel = (id: string, model: string) =>
    createOpenAICompatible({ name: id, ...monitor.endpoint(id) }).chatModel(model);

  function setUp() {
    const health = readerOf('openai', 'deepseek-slow');
    const models = {
      openai: chatModel('openai', 'gpt-6-luna'),
      'deepseek-slow': chatModel('deepseek-slow', 'deepseek-v4-flash'),
    };
    return { health, models };
  }

  test.each([
    ['generates text', async (...all: Parameters<typeof answer>) => answer(...all)],
    [
      'streams text',
      async (...all: Parameters<typeof streamedAnswer>) => {
        const { text: stream, provider } = await streamedAnswer(...all);
        let text = '';
        for await (const part of stream) text += part;
        return { text, provider };
      },
    ],
  ])('%s by the best provider, and by the next when that fails', async (_name, ask) => {
    const { health, models } = setUp();
    const best = await bestOf(health);
    expect(await ask(health, models, 'Say ok')).toEqual({ text: 'ok', provider: best });
    monitor.simulator.set(best, behaviours.down());
    const other = best === 'openai' ? 'deepseek-slow' : 'openai';
    expect(await ask(health, models, 'Say ok')).toEqual({ text: 'ok', provider: other });
  });
});

describe('the official clients', () => {
  function setUp() {
    const { baseURL, apiKey } = monitor.endpoint('claude');
    return {
      health: readerOf('openai', 'claude'),
      reporter: createReporter({ url: monitor.url, auth: { type: 'none' } }),
      openai: new OpenAI(monitor.endpoint('openai')),
      anthropic: new Anthropic({ baseURL, apiKey }),
    };
  }

  test('answer by the best provider, and by the next when that fails', async () => {
    const router = setUp();
    const best = await bestOf(router.health);
    expect(await clientsAnswer(router, 'Say ok')).toEqual({ text: 'ok', provider: best });
    monitor.simulator.set(best, behaviours.down());
    const other = best === 'openai' ? 'claude' : 'openai';
    expect(await clientsAnswer(router, 'Say ok')).toEqual({ text: 'ok', provider: other });
  });

  test('have the monitor find out at once that a provider has gone down', async () => {
    const router = setUp();
    const best = await bestOf(router.health);
    monitor.simulator.set(best, behaviours.wrongKey());
    const found = once(monitor.checker, 'transition');
    for (let failure = 0; failure < 5; failure++) {
      router.reporter.report(best, { ok: false, error: Object.assign(new Error('401'), { status: 401 }) });
    }
    expect(await found).toMatchObject([{ provider: best, to: 'unhealthy' }]);
    await router.reporter.flush();
  });
});

describe('a configuration made of the ranking', () => {
  test('has LiteLLM answer by the best one, and fall back to the others in their order', async () => {
    const health = readerOf('openai', 'claude', 'gemini');
    const order = (await health.rank()).ranked.map(({ provider }) => provider);
    const { model_list, router_settings } = await liteLlmConfig(health);
    const [best, ...others] = order;
    expect(model_list.map(({ model_name }) => model_name)).toEqual(['chat', ...others]);
    const prefix = { openai: 'openai/', claude: 'anthropic/', gemini: 'gemini/' };
    expect(model_list[0]?.litellm_params.model).toContain(prefix[best ?? 'openai']);
    expect(router_settings.fallbacks).toEqual([{ chat: others }]);
  });

  test('has Portkey try them in their order, one that is down last', async () => {
    monitor.simulator.set('claude', behaviours.wrongKey());
    await monitor.checker.manualHealthCheck('claude');
    const { strategy, targets } = await portkeyConfig(readerOf('openai', 'claude', 'gemini'));
    expect(strategy).toEqual({ mode: 'fallback' });
    expect(
      targets
        .map(({ provider }) => provider)
        .slice(0, 2)
        .sort(),
    ).toEqual(['@google', '@openai']);
    expect(targets.at(-1)?.provider).toBe('@anthropic');
  });
});
