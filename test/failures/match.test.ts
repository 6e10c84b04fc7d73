/** In which order an answer is looked at, by rows of the catalogue that say different things. */

import { describe, expect, it } from 'vitest';
import type { Layer } from '../../lib/failures/layer.ts';
import { indexAll, indexes, judge } from '../../lib/failures/match.ts';
import { ANY_WRITER, type Scope } from '../../lib/failures/scope.ts';

const layer = (fields: Partial<Layer>): Layer => ({
  depth: 0,
  writer: null,
  upstream: null,
  codes: [],
  message: null,
  ...fields,
});

const OPENAI: Scope = { writers: ['openai'], relays: false };
const CLAUDE: Scope = { writers: ['claude', 'anthropic'], relays: false };
const AZURE: Scope = { writers: ['azure'], relays: false };
const GATEWAY: Scope = { writers: ['litellm'], relays: true };

function judged(layers: Partial<Layer>[], scope = OPENAI, statusCode: number | null = 400, headers: string[] = []) {
  const header = (name: string) => (headers.includes(name) ? 'x' : null);
  return judge({ statusCode, header, layers: layers.map(layer) }, scope, indexAll());
}

/** Such as `quota wait`, or `auth` and its code. */
const verdict = (...args: Parameters<typeof judged>) => {
  const found = judged(...args);
  return found && [found.category, found.advice, found.code, found.byStatus && 'by status'].filter(Boolean).join(' ');
};

/** Words of one party that no form of a sentence has. */
const EXTRA = 'This request draws from extra usage';
const CODE_OF = { auth: 'invalid_api_key', quota: 'insufficient_quota', none: 'no_row_has_it' };

describe('what decides', () => {
  it.each<[string, Parameters<typeof judged>, string | null]>([
    ['a code', [[{ codes: [CODE_OF.auth] }]], 'auth invalid_api_key'],
    ['a code in other letters', [[{ codes: ['Invalid-API Key'] }]], 'auth invalid_api_key'],
    ['the first code', [[{ codes: [CODE_OF.none, CODE_OF.auth, CODE_OF.quota] }]], 'auth invalid_api_key'],
    ['the inner error', [[{ codes: [CODE_OF.auth] }, { codes: [CODE_OF.quota] }]], 'auth invalid_api_key'],
    ['the outer one where the inner says nothing', [[{}, { codes: [CODE_OF.quota] }]], 'quota insufficient_quota'],
    [
      'a code with words before a code alone',
      [[{ codes: ['rate_limit_exceeded'], message: 'Limit per day reached' }]],
      'quota wait rate_limit_exceeded',
    ],
    [
      'a code alone where its words are missing',
      [[{ codes: ['rate_limit_exceeded'] }]],
      'rate_limited rate_limit_exceeded',
    ],
    [
      'a code before a phrase',
      [[{ codes: ['ip_not_authorized'], message: 'You exceeded your current quota' }]],
      'auth waf ip_not_authorized',
    ],
    [
      "the writer's own phrase before a code of all",
      [[{ codes: [CODE_OF.auth], message: 'You exceeded your current quota' }]],
      'quota',
    ],
    ['a phrase, in any letters', [[{ message: 'You EXCEEDED your current quota' }]], 'quota'],
    [
      'a phrase with another apostrophe',
      [[{ message: 'Model \u2019gpt\u2019 is not supported' }], { writers: ['qwen'], relays: false }],
      'model_not_found',
    ],
    [
      'no phrase in another order',
      [[{ message: "is not supported, model 'gpt'" }], { writers: ['qwen'], relays: false }],
      'bad_request by status',
    ],
    ['a whole message', [[{ message: ' Resource not found.! ' }], AZURE, 500], 'config'],
    [
      'the type of a quoted error before a status of the gateway itself',
      [[{ writer: 'anthropic', codes: ['rate_limit_error'] }, {}], GATEWAY, 500],
      'rate_limited rate_limit_error by status',
    ],
    [
      "a status that is not the gateway's own before the type of a quoted error",
      [[{ writer: 'anthropic', codes: ['rate_limit_error'] }, {}], GATEWAY, 403],
      'auth by status',
    ],
    [
      'a status of a server before a type that nobody quotes',
      [[{ codes: ['rate_limit_error'] }], GATEWAY, 500],
      'server_error by status',
    ],
    [
      'a quoted type where there is no status',
      [[{ writer: 'anthropic', codes: ['not_found_error'] }, {}], GATEWAY, null],
      'model_not_found not_found_error by status',
    ],
    [
      'no part of one that has to be whole',
      [[{ message: 'A resource not found' }], AZURE, 500],
      'server_error by status',
    ],
    ['a whole message of 98 characters', [[{ message: 'resource not found'.padEnd(98) }], AZURE, 500], 'config'],
    [
      'no whole message that is longer',
      [[{ message: 'resource not found'.padEnd(99) }], AZURE, 500],
      'server_error by status',
    ],
    [
      'no whole message with an end in its middle',
      [[{ message: 'Resource. not found' }], AZURE, 500],
      'server_error by status',
    ],
    [
      'no whole message with an end before it',
      [[{ message: '.Resource not found' }], AZURE, 500],
      'server_error by status',
    ],
    [
      'no words of a code alone',
      [[{ message: 'Allocated quota' }], { writers: ['qwen'], relays: false }],
      'bad_request by status',
    ],
    [
      'a phrase with the apostrophe of printers',
      [[{ message: 'Your organization\u2019s rate limit' }], CLAUDE, 429],
      'rate_limited',
    ],
    [
      'a code that its words only repeat',
      [[{ codes: ['overloaded_error'], message: 'overloaded' }]],
      'overloaded overloaded_error',
    ],
    ['a form of what is busy', [[{ codes: ['provider_unavailable'] }], OPENAI, 500], 'overloaded'],
    ['a form of what is busy, but not found', [[{ codes: ['provider_unavailable'] }], OPENAI, 404], 'model_not_found'],
    [
      'a header of a third firewall',
      [[{ codes: ['html'] }], OPENAI, 403, ['x-vercel-mitigated']],
      'auth waf x-vercel-mitigated',
    ],
    [
      'advice that a sentence gives on what the status says',
      [[{ message: 'This region is not supported' }], OPENAI, 401],
      'auth geo',
    ],
    ['a sentence that says something else than the status', [[{ message: 'Quota exceeded' }], OPENAI, 403], 'quota'],
    [
      'no sentence that only repeats the status',
      [[{ message: 'The server is overloaded' }], OPENAI, 503],
      'overloaded by status',
    ],
    [
      'a sentence of a gateway, where there is no status',
      [[{ message: 'Insufficient credits' }], GATEWAY, null],
      'quota',
    ],
    ['the form of a code also of what is not found', [[{ codes: ['account_was_suspended'] }], OPENAI, 404], 'auth ban'],
    ['a row of one status, with it', [[{ codes: ['html'] }], OPENAI, 404], 'config html'],
    ['no row of one status, with another', [[{ codes: ['html'] }], OPENAI, 500], 'server_error by status'],
    ['a code that no row has, by its form', [[{ codes: ['x', 'account_was_suspended'] }]], 'auth ban'],
    ['no form of a code with a space', [[{ codes: ['server is busy'] }]], 'bad_request by status'],
    ['no form of a long code', [[{ codes: [`account_suspended${'_'.repeat(44)}`] }]], 'bad_request by status'],
    ['a form of one that is as long as it may be', [[{ codes: [`account_suspended${'_'.repeat(43)}`] }]], 'auth ban'],
    ['a header of a firewall', [[{ codes: ['html'] }], OPENAI, 403, ['cf-mitigated']], 'auth waf cf-mitigated'],
    [
      'another header of one',
      [[{ codes: ['html'] }], OPENAI, 403, ['x-amzn-waf-action']],
      'auth waf x-amzn-waf-action',
    ],
    ['a status in the body before that of the answer', [[{ codes: ['503'] }], OPENAI, 500], 'overloaded by status'],
    [
      'no other number in the body',
      [[{ codes: ['600', '399', '1503', '5030'] }], OPENAI, 500],
      'server_error by status',
    ],
    ['a status that is talked about, behind a gateway', [[{ codes: ['~503'] }], GATEWAY, 500], 'overloaded by status'],
    ['no status that is talked about elsewhere', [[{ codes: ['~503'] }], OPENAI, 500], 'server_error by status'],
    ['the status of the answer', [[{ codes: [CODE_OF.none] }], OPENAI, 429], 'rate_limited by status'],
    ['the status of an answer without a body', [[], OPENAI, 429], 'rate_limited by status'],
    [
      "a writer's own meaning of a status",
      [[{}], { writers: ['anthropic'], relays: false }, 504],
      'server_error by status',
    ],
    ['the usual meaning of it elsewhere', [[{}], OPENAI, 504], 'timeout by status'],
    [
      'the status before a type that repeats one',
      [[{ codes: ['authentication_error'] }], OPENAI, 500],
      'server_error by status',
    ],
    [
      'a type that repeats a status, where there is none',
      [[{ codes: ['x', 'authentication_error'] }], OPENAI, null],
      'auth authentication_error by status',
    ],
    [
      'a type, with a status that says nothing',
      [[{ codes: ['authentication_error'] }], OPENAI, 200],
      'auth authentication_error by status',
    ],
    ['nothing, where nothing is known', [[{ codes: [CODE_OF.none] }], OPENAI, 200], null],
    ['nothing, where nothing is there', [[], OPENAI, null], null],
  ])('is %s', (_, args, expected) => {
    expect(verdict(...args)).toBe(expected);
  });
});

it('the rows are made once, and known without being handed over', () => {
  const answer = { statusCode: 400, header: () => null, layers: [layer({ codes: [CODE_OF.auth] })] };
  expect(judge(answer, OPENAI)?.category).toBe('auth');
  expect(indexes()).toBe(indexes());
});

it('an answer that may be of any provider has no known writer', () => {
  expect(ANY_WRITER).toEqual({ writers: [], relays: true });
});

describe('whose words', () => {
  it.each<[string, Parameters<typeof judged>, string | null]>([
    ['are its own', [[{ message: EXTRA }], { writers: ['anthropic'], relays: false }], 'quota plan'],
    ['are not those of another', [[{ message: EXTRA }], OPENAI], 'bad_request by status'],
    ['are those of any, behind a gateway', [[{ message: EXTRA }], GATEWAY], 'quota plan'],
    ['are those of any, where it is not known whose they are', [[{ message: EXTRA }], ANY_WRITER], 'quota plan'],
    [
      'are none of one that is not known',
      [[{ message: EXTRA }], { writers: ['x' as never], relays: false }],
      'bad_request by status',
    ],
    [
      'are those that the writer alone has, whom the gateway names',
      [[{ message: 'Limit per minute reached', writer: 'claude' }], GATEWAY, 429],
      'rate_limited',
    ],
    [
      'are those of the gateway where it names another',
      [[{ message: 'Budget has been exceeded', writer: 'claude' }], GATEWAY],
      'quota cap',
    ],
    [
      'beside a code come before a code alone, also those of any behind a gateway',
      [[{ codes: [CODE_OF.auth], message: 'Usage limit reached' }], GATEWAY],
      'quota cap invalid_api_key',
    ],
    ['are codes of any, behind a gateway', [[{ codes: ['timeout_error'] }], GATEWAY], 'server_error timeout_error'],
    [
      'are first those of the one that the gateway names',
      [[{ message: 'Request not allowed', writer: 'anthropic' }], GATEWAY, 403],
      'auth waf',
    ],
    [
      'are not those of one that is named elsewhere',
      [[{ message: EXTRA, writer: 'anthropic' }], OPENAI],
      'bad_request by status',
    ],
    [
      'are first those that the writer alone has',
      [[{ message: 'Limit per minute reached' }], { writers: ['claude', 'anthropic'], relays: false }, 429],
      'rate_limited',
    ],
  ])('%s', (_, args, expected) => {
    expect(verdict(...args)).toBe(expected);
  });

  it('the layer that decided is named, and none where there is only a status', () => {
    const [inner, outer] = [{ message: 'inner' }, { codes: [CODE_OF.auth] }];
    expect(judged([inner, outer])?.layer).toEqual(layer(outer));
    expect(judged([inner, {}])?.layer).toEqual(layer(inner));
    expect(judged([{}, { codes: ['503'] }])?.layer).toEqual(layer({ codes: ['503'] }));
    expect(judged([])?.layer).toBeNull();
  });
});
