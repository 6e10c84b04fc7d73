import { describe, expect, it } from 'vitest';
import { tableLines } from '../../lib/cli/table.ts';

describe('tableLines', () => {
  it('makes each column as wide as its longest cell, with no space at the end of a line', () => {
    expect(
      tableLines([
        ['ID', 'STATE', 'WHY'],
        ['alpha', 'ok', ''],
      ]),
    ).toEqual(['ID     STATE  WHY', 'alpha  ok']);
  });

  it('aligns the named columns to the right', () => {
    const rows = [
      ['ID', 'TIME'],
      ['a', '7 ms'],
      ['b', '1200 ms'],
    ];
    expect(tableLines(rows, { right: [1] })).toEqual(['ID     TIME', 'a      7 ms', 'b   1200 ms']);
  });

  it('paints padded cells, so that codes of colours do not shift the columns', () => {
    const paint = (cell: string, row: number, column: number) => (row === 1 && column === 0 ? `<${cell}>` : cell);
    expect(
      tableLines(
        [
          ['STATE', 'ID'],
          ['ok', 'a'],
        ],
        { paint },
      ),
    ).toEqual(['STATE  ID', '<ok   >  a']);
  });
});
