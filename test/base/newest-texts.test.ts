import { describe, expect, it } from 'vitest';
import { createNewestTexts } from '../../lib/base/newest-texts.ts';

describe('createNewestTexts', () => {
  it('keeps the newest texts of each group apart, also of groups that had the same ones', () => {
    const texts = createNewestTexts(2);
    for (const group of ['a', 'b']) texts.add(group, '1');
    for (const group of ['a', 'b']) texts.add(group, '2');
    texts.add('a', '3');
    texts.add('b', '4');
    texts.add('b', '4');
    const known = (group: string) => ['1', '2', '3', '4'].filter((text) => texts.has(group, text));
    expect(known('a')).toEqual(['2', '3']);
    expect(known('b')).toEqual(['2', '4']);
    texts.keepOnly((group) => group === 'b');
    expect(known('a')).toEqual([]);
    expect(known('b')).toEqual(['2', '4']);
  });
});
