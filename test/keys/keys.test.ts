import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createKeyResolver, KeyError } from '../../lib/keys/keys.ts';
import type { SsmReader } from '../../lib/keys/ssm.ts';

const KEY = 'sk-proj-4fQ9ZkT7wXy2Lm8R';

/** Answers from a list and records each request; a request without an entry fails. */
function listed(parameters: Record<string, string>) {
  const asked: string[] = [];
  const ssm: SsmReader = {
    async read(name, reference) {
      asked.push(name);
      const text = parameters[name];
      if (text === undefined) throw new KeyError(`${reference}: there is no such parameter`);
      return text;
    },
    close() {},
  };
  return { ssm, asked, parameters };
}

const setUp = ({
  env = {},
  parameters = {},
}: {
  env?: NodeJS.ProcessEnv;
  parameters?: Record<string, string>;
} = {}) => {
  const clock = { nowMs: 1_000_000 };
  const source = listed(parameters);
  return { ...source, env, clock, keys: createKeyResolver({ env, ssm: source.ssm, now: () => clock.nowMs }) };
};

const failureOf = async (promise: Promise<unknown>): Promise<Error> => {
  const outcome = await promise.catch((error: unknown) => error);
  if (outcome instanceof KeyError) return outcome;
  throw new Error(`expected a KeyError, got ${inspect(outcome)}`);
};

describe('K2 a key', () => {
  test.each([
    ['env:OPENAI', []],
    ['ssm:/provider-health/openai', ['/provider-health/openai']],
    ['secret:openai', ['/aws/reference/secretsmanager/openai']],
    ['secret:prod/keys#openai', ['/aws/reference/secretsmanager/prod/keys']],
  ])('is read by %s', async (reference, names) => {
    const { keys, asked } = setUp({
      env: { OPENAI: KEY },
      parameters: {
        '/provider-health/openai': KEY,
        '/aws/reference/secretsmanager/openai': KEY,
        '/aws/reference/secretsmanager/prod/keys': JSON.stringify({ openai: KEY, claude: 'other' }),
      },
    });
    expect((await keys.resolve(reference)).reveal()).toBe(KEY);
    expect(asked).toEqual(names);
  });

  test.each([`${KEY}\n`, `  ${KEY}\r\n`, `\t${KEY}\n\n`, `\ufeff${KEY}`])('is trimmed: %j', async (text) => {
    const { keys } = setUp({ env: { K: text } });
    expect((await keys.resolve('env:K')).reveal()).toBe(KEY);
  });

  test('prints as ***', async () => {
    const { keys } = setUp({ env: { K: KEY } });
    const secret = await keys.resolve('env:K');
    expect([`${secret}`, JSON.stringify({ secret }), inspect({ secret })]).toEqual([
      '***',
      '{"secret":"***"}',
      '{ secret: *** }',
    ]);
  });
});

const CHARACTERS =
  "expected a key of visible ASCII characters, got others (a line end, a control or another alphabet's). Copy the key again";

describe('K1 an error about a key names the reference and what to do, and no part of the key', () => {
  test.each<[reference: string, text: string | undefined, message: string]>([
    ['env:K', undefined, 'env:K: the environment variable is not set. Set K'],
    ['env:K', '', 'env:K: expected a key, got an empty text. Put the key there'],
    ['env:K', ' \n', 'env:K: expected a key, got an empty text. Put the key there'],
    ['env:K', `${KEY}\r\nx-evil: 1`, `env:K: ${CHARACTERS}`],
    ['env:K', `${KEY}\u0000`, `env:K: ${CHARACTERS}`],
    ['env:K', `${KEY}\u007f${KEY}`, `env:K: ${CHARACTERS}`],
    ['env:K', `${KEY}\u200b`, `env:K: ${CHARACTERS}`],
    ['env:K', `“${KEY}”`, `env:K: ${CHARACTERS}`],
    ['env:K', KEY.repeat(400), 'env:K: expected a key of at most 8192 characters, got 9600'],
    [
      'secret:s',
      JSON.stringify({ key: KEY }),
      'secret:s: expected a key, got a JSON object. Name the field: "secret:name#field"',
    ],
    ...[KEY, JSON.stringify({ other: KEY }), JSON.stringify([KEY]), JSON.stringify({ key: { a: KEY } }), 'null'].map(
      (text): [string, string, string] => [
        'secret:s#key',
        text,
        'secret:s#key: expected a secret that is a JSON object with a text "key". Put it there',
      ],
    ),
    [KEY, KEY, 'expected env:, ssm: or secret: and a name. Write "env:NAME"'],
    ['env:AWS_SECRET_ACCESS_KEY', KEY, 'expected env:, ssm: or secret: and a name. Write "env:NAME"'],
  ])('%s', async (reference, text, message) => {
    const { keys } = setUp({
      env: { K: text, AWS_SECRET_ACCESS_KEY: KEY },
      parameters: text === undefined ? {} : { '/aws/reference/secretsmanager/s': text },
    });
    const error = await failureOf(keys.resolve(reference));
    expect(error.message).toBe(message);
    expect(inspect(error)).not.toContain(KEY.slice(0, 12));
  });
});

describe('K2 the cache', () => {
  const MINUTES = 60_000;

  test('keeps a key 5 minutes, then looks again', async () => {
    const { keys, clock, asked, parameters } = setUp({ parameters: { '/k': 'old' } });
    await keys.resolve('ssm:/k');
    parameters['/k'] = 'new';
    clock.nowMs += 5 * MINUTES - 1;
    expect((await keys.resolve('ssm:/k')).reveal()).toBe('old');
    clock.nowMs += 1;
    expect((await keys.resolve('ssm:/k')).reveal()).toBe('new');
    expect(asked).toHaveLength(2);
  });

  test('makes one look-up for 100 concurrent calls', async () => {
    const { keys, asked } = setUp({ parameters: { '/k': KEY } });
    const all = await Promise.all(Array.from({ length: 100 }, () => keys.resolve('ssm:/k')));
    expect(new Set(all.map((secret) => secret.reveal()))).toEqual(new Set([KEY]));
    expect(asked).toHaveLength(1);
  });

  test('gives 100 concurrent calls one failure, and keeps it 5 seconds', async () => {
    const { keys, clock, asked, parameters } = setUp();
    const all = await Promise.all(Array.from({ length: 100 }, () => failureOf(keys.resolve('ssm:/k'))));
    expect(new Set(all).size).toBe(1);
    parameters['/k'] = KEY;
    clock.nowMs += 4999;
    await failureOf(keys.resolve('ssm:/k'));
    expect(asked).toHaveLength(1);
    clock.nowMs += 1;
    expect((await keys.resolve('ssm:/k')).reveal()).toBe(KEY);
  });

  test('looks again when the clock was set back', async () => {
    const { keys, clock, asked } = setUp({ parameters: { '/k': KEY } });
    await keys.resolve('ssm:/k');
    clock.nowMs -= 60 * MINUTES;
    await keys.resolve('ssm:/k');
    expect(asked).toHaveLength(2);
  });

  test('counts the 5 minutes from the answer, not from the question', async () => {
    const clock = { nowMs: 0 };
    let asked = 0;
    const ssm: SsmReader = {
      async read() {
        asked += 1;
        clock.nowMs += 2 * MINUTES;
        return KEY;
      },
      close() {},
    };
    const keys = createKeyResolver({ env: {}, ssm, now: () => clock.nowMs });
    await keys.resolve('ssm:/k');
    clock.nowMs += 4 * MINUTES;
    await keys.resolve('ssm:/k');
    expect(asked).toBe(1);
  });

  test('keeps references apart', async () => {
    const { keys } = setUp({ parameters: { '/a': 'a', '/b': 'b' } });
    const both = await Promise.all([keys.resolve('ssm:/a'), keys.resolve('ssm:/b')]);
    expect(both.map((secret) => secret.reveal())).toEqual(['a', 'b']);
  });
});
