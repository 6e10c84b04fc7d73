/** Failover of streams: the first chunk decides, and the rest flows as it comes. */

import { beforeEach, describe, expect, it } from 'vitest';
import { createFailureMemory, withFailover } from '../../../lib/reader/index.ts';
import { gateway, type TestClock, testClock } from '../support.ts';

let clock: TestClock;
let closed: string[];

beforeEach(() => {
  clock = testClock();
  closed = [];
});

/** A stream that says when it is closed. */
async function* chunks(name: string, ...steps: (string | Promise<unknown> | Error)[]): AsyncGenerator<string> {
  try {
    for (const step of steps) {
      if (step instanceof Error) throw step;
      if (typeof step === 'string') yield step;
      else await step;
    }
  } finally {
    closed.push(name);
  }
}

async function textOf(stream: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

const broken = () => Object.assign(new Error('overloaded'), { error: { type: 'overloaded_error' } });

function over(streams: Record<string, () => AsyncIterable<string> | Promise<AsyncIterable<string>>>, options = {}) {
  return withFailover({
    providers: Object.keys(streams),
    memory: createFailureMemory(),
    clock,
    attempt: async (provider) => (await streams[provider]?.()) ?? chunks('none'),
    ...options,
  });
}

describe('a stream', () => {
  it('is passed on completely, once its first chunk is there', async () => {
    const rest = gateway();
    const { value, provider } = await over({ alpha: () => chunks('alpha', 'one ', rest.opened, 'two') });
    expect(provider).toBe('alpha');
    rest.open();
    expect(await textOf(value)).toBe('one two');
    expect(closed).toEqual(['alpha']);
    expect(clock.sleeping).toBe(0);
  });

  it('is passed on without a look at the bytes of a chunk, or at fields without text', async () => {
    const chunk = Object.defineProperty({ choices: [{ delta: { content: 'one' } }] }, 'logprobs', {
      enumerable: true,
      get: () => expect.unreachable(),
    });
    const { value } = await withFailover({
      providers: ['alpha'],
      memory: createFailureMemory(),
      clock,
      attempt: async function* attempt() {
        yield chunk;
      },
    } as unknown as Parameters<typeof withFailover>[0]);
    for await (const one of value as AsyncIterable<object>) expect(one).toBe(chunk);
  });

  it('that fails before its first chunk fails over', async () => {
    const { value, failed } = await over({
      alpha: () => chunks('alpha', broken()),
      beta: () => chunks('beta', 'fine'),
    });
    expect(failed).toMatchObject([{ provider: 'alpha', category: 'overloaded' }]);
    expect(await textOf(value)).toBe('fine');
  });

  it('that ends without a chunk is no answer', async () => {
    const { provider, failed } = await over({ alpha: () => chunks('alpha'), beta: () => chunks('beta', 'fine') });
    expect(provider).toBe('beta');
    expect(failed).toMatchObject([{ category: 'invalid_response' }]);
  });

  it('that sends nothing is ended and fails over', async () => {
    const silence = gateway();
    const result = over(
      { alpha: () => chunks('alpha', silence.opened, 'late'), beta: () => chunks('beta', 'fine') },
      { firstTokenTimeoutMs: 800 },
    );
    await clock.advance(800);
    expect(await result).toMatchObject({ provider: 'beta', failed: [{ category: 'timeout', durationMs: 800 }] });
    silence.open();
    await expect.poll(() => closed).toContain('alpha');
  });

  it('has time for its first token from the beginning of the attempt', async () => {
    const connected = gateway();
    const silence = gateway();
    const result = over(
      {
        alpha: () => connected.opened.then(() => chunks('alpha', silence.opened)),
        beta: () => chunks('beta', 'fine'),
      },
      { firstTokenTimeoutMs: 800 },
    );
    await clock.advance(700);
    connected.open();
    await clock.advance(100);
    expect(await result).toMatchObject({ provider: 'beta', failed: [{ durationMs: 800 }] });
  });

  it('may take as long as it likes after its first chunk, and what fails then is not tried again', async () => {
    const rest = gateway();
    const { value } = await over({
      alpha: () => chunks('alpha', 'one', rest.opened, broken()),
      beta: () => chunks('beta'),
    });
    await clock.advance(3_600_000);
    rest.open();
    await expect(textOf(value)).rejects.toThrow('overloaded');
    expect(closed).toEqual(['alpha']);
  });

  it('can have chunks before its first token, which wait for it', async () => {
    const options = { isFirstToken: (chunk: string) => chunk !== '(role)' };
    const failing = await over(
      { alpha: () => chunks('alpha', '(role)', broken()), beta: () => chunks('beta', '(role)', 'hello', ' there') },
      options,
    );
    expect(failing.provider).toBe('beta');
    expect(await textOf(failing.value)).toBe('(role)hello there');
    const tokenless = await over({ alpha: () => chunks('alpha', '(role)') }, options);
    expect(await textOf(tokenless.value)).toBe('(role)');
  });

  it.each([0, 1, 2])('is closed when its reader leaves after %i chunks', async (left) => {
    const options = { isFirstToken: (chunk: string) => chunk === 'b' };
    const { value } = await over({ alpha: () => chunks('alpha', 'a', 'b', 'c', 'd') }, options);
    let seen = 0;
    for await (const _ of value) if (seen++ === left) break;
    expect(closed).toEqual(['alpha']);
  });

  it('that comes when another has answered is closed', async () => {
    const late = gateway();
    const connection: AsyncIterableIterator<string> = {
      next: async () => ({ done: false, value: 'late' }),
      return: async () => {
        closed.push('alpha');
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => connection,
    };
    const result = over(
      { alpha: () => late.opened.then(() => connection), beta: () => chunks('beta', 'fine') },
      { hedgeAfterMs: 100 },
    );
    await clock.advance(100);
    const { value } = await result;
    expect(await textOf(value)).toBe('fine');
    late.open();
    await expect.poll(() => closed).toContain('alpha');
  });
});
