import { describe, expect, test } from 'vitest';
import { parseKeyReference } from '../../lib/keys/reference.ts';

describe('a reference to a key', () => {
  test.each([
    ['env:OPENAI_API_KEY', { kind: 'env', name: 'OPENAI_API_KEY' }],
    ['env:_key2', { kind: 'env', name: '_key2' }],
    ['env:AWS_BEARER_TOKEN_BEDROCK', { kind: 'env', name: 'AWS_BEARER_TOKEN_BEDROCK' }],
    ['ssm:/provider-health/openai', { kind: 'ssm', name: '/provider-health/openai' }],
    ['secret:openai', { kind: 'secret', name: 'openai', field: null }],
    ['secret:prod/llm_keys#openai', { kind: 'secret', name: 'prod/llm_keys', field: 'openai' }],
  ])('%s is one', (text, expected) => {
    expect(parseKeyReference(text)).toEqual(expected);
  });

  test.each([
    [''],
    ['sk-proj-0123456789abcdef'],
    ['OPENAI_API_KEY'],
    ['env:'],
    ['env:1KEY'],
    ['env:A-B'],
    ['env: KEY'],
    ['env:KEY\n'],
    ['ENV:KEY'],
    ['ssm:'],
    ['ssm:openai'],
    ['ssm:/'],
    ['ssm:/a//b'],
    ['ssm:/a b'],
    ['secret:'],
    ['secret:name#'],
    ['secret:name#a#b'],
    ['secret:arn:aws:secretsmanager:eu-west-1:1:secret:a'],
    ['file:/etc/passwd'],
  ])('%j is not one', (text) => {
    expect(parseKeyReference(text)).toBeNull();
  });

  test.each(['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_ACCESS_KEY_ID', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'])(
    "never names the function's own credentials: %s",
    (name) => {
      expect(parseKeyReference(`env:${name}`)).toBeNull();
    },
  );
});
