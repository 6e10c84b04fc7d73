import { describe, expect, it } from 'vitest';
import { MemoryTable } from '../../../lib/store/memory/table.ts';

describe('a table in memory', () => {
  it('gives back each item as it was put, beside any others', () => {
    const table = new MemoryTable();
    const items = [
      { pk: 'a', sk: '1', state: 'healthy', map: { list: [1, null, 'x'] }, none: null },
      { pk: 'a', sk: '2', state: 'unhealthy', map: {}, none: null },
      { pk: 'a', sk: '3', none: null, state: 'another order' },
      { pk: 'a', sk: '4' },
    ];
    for (const item of items) table.put(item);
    expect(table.list('a')).toEqual(items);
    expect(table.get({ pk: 'a', sk: '3' })).toEqual(items[2]);
    expect([...table.descending('a', '2', '3')]).toEqual([items[2], items[1]]);
  });

  it('leaves out what is undefined, as JSON does', () => {
    const table = new MemoryTable();
    table.put({ pk: 'a', sk: '1', gone: undefined, kept: false });
    expect(Object.keys(table.get({ pk: 'a', sk: '1' }) ?? {})).toEqual(['pk', 'sk', 'kept']);
  });

  it('keeps an item with the attributes that it was put with last', () => {
    const table = new MemoryTable();
    table.put({ pk: 'a', sk: '1', state: 'healthy', retryAt: 'soon' });
    table.put({ pk: 'a', sk: '1', state: 'healthy' });
    expect(table.get({ pk: 'a', sk: '1' })).toEqual({ pk: 'a', sk: '1', state: 'healthy' });
  });

  it('keeps none when the limit is 0, and else the newest up to the limit', () => {
    const table = new MemoryTable();
    table.put({ pk: 'none', sk: '1' }, 0);
    for (const sk of ['2', '1', '3']) table.put({ pk: 'two', sk }, 2);
    expect(table.list('none')).toEqual([]);
    expect(table.list('two')).toEqual([
      { pk: 'two', sk: '2' },
      { pk: 'two', sk: '3' },
    ]);
  });
});
