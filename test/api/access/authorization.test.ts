import { describe, expect, test } from 'vitest';
import { passwordOf } from '../../../lib/api/access/authorization.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('passwordOf', () => {
  test.each([
    ['of Basic', basic('anna:open sesame 1'), 'open sesame 1'],
    ['with colons', basic('anna:a:b:c'), 'a:b:c'],
    ['without a user name', basic(':open'), 'open'],
    ['beyond ASCII', basic('anna:pässword'), 'pässword'],
    ['of Bearer', 'Bearer open-sesame', 'open-sesame'],
    ['of a scheme in other letters', 'bEARER  open-sesame ', 'open-sesame'],
  ])('takes a password %s', (_, header, expected) => {
    expect(passwordOf(header)).toBe(expected);
  });

  test.each([
    ['no header', null],
    ['an empty one', ''],
    ['another scheme', 'Digest username="anna"'],
    ['a scheme alone', 'Basic'],
    ['Basic without a colon', basic('anna')],
    ['Basic that is no base64', 'Basic %%%'],
    ['two values', 'Bearer a b'],
    ['one that is too long', `Bearer ${'a'.repeat(17_000)}`],
  ])('has none in %s', (_, header) => {
    expect(passwordOf(header)).toBeNull();
  });
});
