import { describe, expect, it } from 'vitest';
import { lackingOf } from '../../../lib/probe/failure/lacking.ts';

const failed = (code: unknown, fields: object = {}) => Object.assign(new Error(String(code)), { code, ...fields });
const LOOKUP = { syscall: 'getaddrinfo' };

describe('T10: what a failure says is lacking', () => {
  it.each<[unknown, string]>([
    [failed('EMFILE', { syscall: 'connect' }), 'open files (see ulimit -n) (EMFILE)'],
    [failed('ENFILE'), 'open files of the whole machine (ENFILE)'],
    [failed('EAGAIN'), 'threads, processes or ports (EAGAIN)'],
    [failed('ENOBUFS'), 'memory for the network (ENOBUFS)'],
    [failed('EADDRNOTAVAIL'), 'local ports or addresses (EADDRNOTAVAIL)'],
    [failed('ENOMEM'), 'memory (ENOMEM)'],
    [failed('EAI_MEMORY', LOOKUP), 'memory (EAI_MEMORY)'],
    [failed('ERR_MEMORY_ALLOCATION_FAILED'), 'memory (ERR_MEMORY_ALLOCATION_FAILED)'],
    [failed('ERR_OSSL_MALLOC_FAILURE'), 'memory (ERR_OSSL_MALLOC_FAILURE)'],
    [failed('ERR_WORKER_INIT_FAILED'), 'threads (ERR_WORKER_INIT_FAILED)'],
    [new Error('no key', { cause: failed('EMFILE') }), 'open files (see ulimit -n) (EMFILE)'],
    [failed('ERR_KEY', { cause: failed(7, { cause: failed('ENOMEM') }) }), 'memory (ENOMEM)'],
    [new AggregateError([failed('EADDRNOTAVAIL'), failed('EMFILE')]), 'local ports or addresses (EADDRNOTAVAIL)'],
    [
      new AggregateError([new Error('', { cause: failed('EMFILE') }), failed('EMFILE')]),
      'open files (see ulimit -n) (EMFILE)',
    ],
    [
      new AggregateError([failed('ERR_KEY', { cause: failed('EMFILE') }), failed('EMFILE')]),
      'open files (see ulimit -n) (EMFILE)',
    ],
    [Object.assign(new AggregateError([]), { code: 'EMFILE' }), 'open files (see ulimit -n) (EMFILE)'],
  ])('%s: %s', (error, lacking) => {
    expect(lackingOf(error)).toBe(lacking);
  });

  it.each([
    ['EMFILE', 'open files (see ulimit -n) (EMFILE)'],
    ['ENFILE', 'open files of the whole machine (ENFILE)'],
    ['EACCES', 'open files (see ulimit -n) (EACCES)'],
  ])('files, where a name is not found and opening some fails by %s', (code, lacking) => {
    const refusal = (files: number) => (files > 8 ? code : null);
    expect(lackingOf(failed('ENOTFOUND', LOOKUP), refusal)).toBe(lacking);
    for (const error of [failed('ENOTFOUND'), failed('ECONNREFUSED', { syscall: 'connect' }), { ...LOOKUP }, null]) {
      expect(lackingOf(error, refusal)).toBeNull();
    }
  });

  it.each<[string, unknown]>([
    ['refused', failed('ECONNREFUSED')],
    ['a name that does not exist, with files left', failed('ENOTFOUND', LOOKUP)],
    ['one address refused', new AggregateError([failed('EADDRNOTAVAIL'), failed('ECONNREFUSED')])],
    ['no address tried', new AggregateError([])],
    ['another code than a text', failed({ code: 'EMFILE' })],
    ['no code', new Error('no', { cause: new Error('code') })],
    ['a name that every object has', failed('toString')],
    ['no error', 'EMFILE'],
    ['no error, though it looks like one', { code: 'EMFILE', ...LOOKUP }],
    ['nothing', null],
  ])('nothing: %s', (_, error) => {
    expect(lackingOf(error)).toBeNull();
  });
});
