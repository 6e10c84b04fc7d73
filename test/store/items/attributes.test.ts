import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAttributes, toAttributes } from '../../../lib/store/items/attributes.ts';

/** Not names that every object has: the SDK takes an object with such a field for another class. */
const name = fc.string({ minLength: 1 }).filter((one) => !(one in {}));
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((number) => number || 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;
const item = fc.dictionary(name, value, { maxKeys: 5, noNullPrototype: true });

describe('attributes of an item', () => {
  it('are what the AWS SDK makes of it, and read as it reads them', () => {
    fc.assert(
      fc.property(item, (one) => {
        const attributes = toAttributes(one);
        expect(attributes).toEqual(marshall(one));
        expect(fromAttributes(attributes)).toEqual(unmarshall(marshall(one)));
      }),
      { numRuns: 200 },
    );
  });

  it('are none for what is undefined', () => {
    expect(toAttributes({ pk: 'a', gone: undefined, map: { gone: undefined } })).toEqual({
      pk: { S: 'a' },
      map: { M: {} },
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, new Date(0), new Set(['a']), () => 1])(
    'are refused where no attribute can hold the value: %s',
    (one) => {
      expect(() => toAttributes({ list: [one] })).toThrow(/^attribute list: expected text, a finite number/);
    },
  );

  it('of a kind that is never written read as undefined, bytes as bytes, and a number too great for a double as Infinity', () => {
    expect(fromAttributes({ set: { SS: ['a'] }, bytes: { B: 'AA==' }, great: { N: '1e999' } })).toEqual({
      set: undefined,
      bytes: new Uint8Array([0]),
      great: Number.POSITIVE_INFINITY,
    });
  });
});
