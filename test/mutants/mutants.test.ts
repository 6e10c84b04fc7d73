import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PARTS, partsToRun } from './parts.ts';
import { type Mutant, reasonsIn, reportOf } from './report.ts';

const ROOT = new URL('../../', import.meta.url);
const mutant = (overrides: Partial<Mutant>): Mutant => ({
  file: 'lib/a.ts',
  line: 1,
  original: 'a < b',
  replacement: 'a <= b',
  status: 'Killed',
  ...overrides,
});
const killed = (count: number, file = 'lib/a.ts') => Array.from({ length: count }, () => mutant({ file }));

describe('the parts whose mutants are tested', () => {
  it('are files and folders that there are', () => {
    const paths = PARTS.flatMap(({ files, tests }) => [...files, ...tests.map((folder) => `test/${folder}`)]);
    expect(paths.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
  });

  it('have every rule of health, and every test of it but the slow one', () => {
    const filesIn = (folder: string) =>
      readdirSync(new URL(folder, ROOT), { recursive: true })
        .map((name) => `${folder}/${name}`)
        .filter((path) => path.endsWith('.ts'));
    const has = (paths: readonly string[], file: string) =>
      paths.some((path) => file === path || file.startsWith(`${path}/`));
    const [files, tests] = [PARTS.flatMap((part) => part.files), PARTS.flatMap((part) => part.tests)];
    expect(filesIn('lib/health').filter((file) => !has(files, file))).toEqual([]);
    const all = ['test/health/replay.test.ts', ...tests.map((path) => `test/${path}`)];
    expect(filesIn('test/health').filter((file) => !has(all, file))).toEqual([]);
  });

  it('are all of them, or those that are named, or those that a named file is in', () => {
    const parts = [
      { name: 'a', files: ['lib/a'], tests: ['a'] },
      { name: 'b', files: ['lib/b/b.ts'], tests: ['b'] },
    ];
    expect(partsToRun([], parts)).toEqual(parts);
    expect(partsToRun(['b'], parts)).toEqual([parts[1]]);
    expect(partsToRun(['lib/a/x/y.ts'], parts)).toEqual([{ name: 'a', files: ['lib/a/x/y.ts'], tests: ['a'] }]);
    expect(() => partsToRun(['c', 'lib/b/c.ts'], parts)).toThrow(
      'c, lib/b/c.ts: expected a part (a, b) or a file of one of them',
    );
  });
});

describe('the report of mutants', () => {
  it('has the score of each file and of all; a mutant that hangs counts as killed, one that breaks as none', () => {
    const mutants = [
      ...killed(8),
      mutant({ status: 'Timeout' }),
      mutant({ status: 'Survived' }),
      mutant({ status: 'Ignored' }),
      mutant({ status: 'RuntimeError' }),
      ...killed(10, 'lib/b.ts'),
    ];
    expect(reportOf(mutants, new Map()).text.split('\n').slice(0, 4)).toEqual([
      'score  killed  late  of    file',
      ' 90.0       9     1  10    lib/a.ts',
      '100.0      10     0  10    lib/b.ts',
      ' 95.0      19     1  20    all',
    ]);
  });

  const lived = mutant({ line: 7, status: 'Survived' });
  const NAME = 'lib/a.ts: a < b → a <= b';

  it.each<[string, boolean, Mutant[], [string, string][]]>([
    ['all are killed', true, [], []],
    ['none was tested', false, [], []],
    ['one lived without a reason', false, [lived], []],
    ['one lived and may', true, [lived], [[NAME, 'they are never equal']]],
    ['one that no test reaches', false, [{ ...lived, status: 'NoCoverage' }], []],
    ['a reason is left of one that is killed', false, [], [[NAME, 'they are never equal']]],
    ['a reason is of a file that did not run', true, [], [['lib/c.ts: a → b', 'no reason']]],
    ['a file is below 85 %', false, [lived, lived], [[NAME, 'they are never equal']]],
  ])('is good or not when %s', (which, isGood, others, reasons) => {
    const mutants = which === 'none was tested' ? [] : [...killed(9), ...others];
    expect(reportOf(mutants, new Map(reasons)).isGood).toBe(isGood);
  });

  it('shows a mutant on one line, with its place and its reason', () => {
    const wide = mutant({ line: 7, status: 'Survived', original: 'a\n    || `b`', replacement: '"x"'.repeat(40) });
    const { text } = reportOf([...killed(9), wide, lived], new Map([[NAME, 'they are never equal']]));
    expect(text).toContain(`lib/a.ts:7  a ¦¦ ´b´ → ${'"x"'.repeat(30)}…\n    NO REASON`);
    expect(text).toContain('lib/a.ts:7  a < b → a <= b\n    they are never equal');
  });
});

describe('docs/mutants.md', () => {
  it('gives reasons that are found by file and mutant', () => {
    const page = '## lib/a.ts\n\n| mutant | reason |\n| --- | --- |\n| `a < b → a <= b` | they are never equal |\n';
    expect([...reasonsIn(page)]).toEqual([['lib/a.ts: a < b → a <= b', 'they are never equal']]);
  });

  it('names files that there are', () => {
    const page = readFileSync(new URL('docs/mutants.md', ROOT), 'utf8');
    const files = [...reasonsIn(page).keys()].map((key) => key.split(': ')[0] ?? '');
    expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
  });
});
