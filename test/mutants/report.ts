/** Reports a run of the mutants: the score of each file, and each mutant that no test noticed, with its reason. */

export interface Mutant {
  /** From the root of the project. */
  file: string;
  line: number;
  original: string;
  replacement: string;
  status: string;
}

/** Of a file, in percent. */
const LOWEST_SCORE = 85;

const KILLED = new Set(['Killed', 'Timeout']);
const LIVED = new Set(['Survived', 'NoCoverage']);

/** The name of a mutant in docs/mutants.md and in the report: without its line, which changes. */
function nameOf({ original, replacement }: Pick<Mutant, 'original' | 'replacement'>): string {
  return `${oneLine(original)} → ${oneLine(replacement)}`;
}

const LONGEST = 90;

function oneLine(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ').trim().replaceAll('|', '¦').replaceAll('`', '´');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** By `file: name`, from the tables under a heading with the file's name. */
export function reasonsIn(markdown: string): Map<string, string> {
  const reasons = new Map<string, string>();
  let file = '';
  for (const line of markdown.split('\n')) {
    file = /^#+ `?(lib\/[\w/.-]+)`?$/.exec(line)?.[1] ?? file;
    const [, name, reason] = /^\| `(.+?)` \| (.+) \|$/.exec(line) ?? [];
    if (name !== undefined && reason !== undefined) reasons.set(`${file}: ${name}`, reason);
  }
  return reasons;
}

export interface Report {
  /** `late`: of the killed ones, those whose tests did not end in time. Many of them: the machine was too busy to measure. */
  text: string;
  /** Every file has the score, and every mutant that lived has its reason. */
  isGood: boolean;
}

export function reportOf(mutants: readonly Mutant[], reasons: ReadonlyMap<string, string>): Report {
  const counted = mutants.filter(({ status }) => KILLED.has(status) || LIVED.has(status));
  const lived = counted.filter(({ status }) => LIVED.has(status));
  const files = [...new Set(counted.map(({ file }) => file))].sort();
  const rows = files.map((file) => rowOf(file, counted));
  const total = { ...rowOf(null, counted), file: 'all' };
  const keyOf = (mutant: Mutant) => `${mutant.file}: ${nameOf(mutant)}`;
  const unexplained = lived.filter((mutant) => !reasons.has(keyOf(mutant)));
  const livedKeys = new Set(lived.map(keyOf));
  const outdated = [...reasons.keys()].filter(
    (key) => files.some((file) => key.startsWith(`${file}: `)) && !livedKeys.has(key),
  );
  const weak = rows.filter(({ score }) => score < LOWEST_SCORE);
  const show = (mutant: Mutant) => {
    const reason = reasons.get(keyOf(mutant)) ?? 'NO REASON: write the test that notices it, or its reason';
    return `${mutant.file}:${mutant.line}  ${nameOf(mutant)}\n    ${reason}`;
  };
  const text = [
    'score  killed  late  of    file',
    ...[...rows, total].map(
      ({ file, killed, late, of, score }) =>
        `${score.toFixed(1).padStart(5)}  ${String(killed).padStart(6)}  ${String(late).padStart(4)}  ${String(of).padEnd(4)}  ${file}`,
    ),
    ...section('Lived', lived.map(show)),
    ...section('In docs/mutants.md, and killed now: remove the line', outdated),
    ...section(
      `Below ${LOWEST_SCORE} %`,
      weak.map(({ file }) => file),
    ),
  ].join('\n');
  return { text, isGood: counted.length > 0 && unexplained.length === 0 && outdated.length === 0 && weak.length === 0 };
}

function rowOf(file: string | null, mutants: readonly Mutant[]) {
  const own = file === null ? mutants : mutants.filter((mutant) => mutant.file === file);
  const killed = own.filter(({ status }) => KILLED.has(status)).length;
  const late = own.filter(({ status }) => status === 'Timeout').length;
  return {
    file: file ?? '',
    killed,
    late,
    of: own.length,
    score: own.length === 0 ? 100 : (100 * killed) / own.length,
  };
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}: ${lines.length}`, ...lines.map((line) => `  ${line}`)];
}
