import { expect, it } from 'vitest';
import { ANTHROPIC_MESSAGES } from '../../../lib/probe/adapters/anthropic-messages.ts';
import { cleanId, requestIdOf } from '../../../lib/probe/adapters/request-id.ts';

it.each<[string, Record<string, string>, unknown, string | null]>([
  ['the best header', { 'x-request-id': 'second', 'request-id': 'first' }, { id: 'body' }, 'first'],
  ['the other header', { 'x-request-id': 'second', 'request-id': '' }, { id: 'body' }, 'second'],
  ['request_id of the body', {}, { id: 'c', responseId: 'b', request_id: 'a' }, 'a'],
  ['responseId of the body', {}, { id: 'c', responseId: 'b' }, 'b'],
  ['id of the body', {}, { id: 'c' }, 'c'],
  ['none, of a body that is no object', {}, ['c'], null],
  ['none, of a body without one', {}, { id: 7 }, null],
])('the id of a request is %s', (_, headers, json, id) => {
  expect(requestIdOf(ANTHROPIC_MESSAGES, headers, json)).toBe(id);
});

it('an id is printable ASCII, at most 128 characters, and none when nothing is left', () => {
  expect(cleanId(`a b\u0000c\u202e${'d'.repeat(200)}`)).toBe(`abc${'d'.repeat(125)}`);
  expect(cleanId('!~')).toBe('!~');
  expect(cleanId(' \u007f')).toBeNull();
  expect(cleanId(null)).toBeNull();
});
