/** The table of `npm run promises`: promise, result, and the tests that cause its faults. */

import { codesIn, type Promised, withoutCodes } from './promises.ts';

/** The fields that are read from the report of vitest's JSON reporter. */
export interface TestReport {
  testResults: readonly {
    /** The file. */
    name: string;
    /** Of a file that could not be run. */
    message?: string;
    assertionResults: readonly { ancestorTitles: readonly string[]; title: string; status: string }[];
  }[];
}

export type Result = 'holds' | 'BROKEN' | 'NOT RUN' | 'NO TEST' | 'pending';

interface Proof {
  file: string;
  /** The titles of the test and of its groups. */
  fault: string;
  status: string;
}

export interface Proven {
  promised: Promised;
  result: Result;
  proofs: Proof[];
}

export function proofsOf(
  promises: readonly Promised[],
  report: TestReport,
  { root, pending }: { root: string; pending: readonly string[] },
): Proven[] {
  const byCode = new Map<string, Proof[]>();
  for (const { name, assertionResults } of report.testResults) {
    for (const { ancestorTitles, title, status } of assertionResults) {
      const titles = [...ancestorTitles, title].filter((one) => one !== '');
      const proof = {
        file: name.startsWith(root) ? name.slice(root.length) : name,
        fault: titles.map(withoutCodes).join(' › '),
        status,
      };
      for (const code of new Set(titles.flatMap(codesIn))) byCode.set(code, [...(byCode.get(code) ?? []), proof]);
    }
  }
  return promises.map((promised) => {
    const proofs = byCode.get(promised.code) ?? [];
    return { promised, proofs, result: resultOf(proofs, pending.includes(promised.code)) };
  });
}

function resultOf(proofs: readonly Proof[], isPending: boolean): Result {
  if (proofs.length === 0) return isPending ? 'pending' : 'NO TEST';
  if (proofs.some(({ status }) => status === 'failed')) return 'BROKEN';
  return proofs.some(({ status }) => status === 'passed') ? 'holds' : 'NOT RUN';
}

/** Files that could not be run, with why. */
export function brokenFiles({ testResults }: TestReport): string[] {
  return testResults
    .filter(({ message, assertionResults }) => message && !assertionResults.some(({ status }) => status === 'failed'))
    .map(({ name, message }) => `${name}: ${message}`);
}

const MARKS: Readonly<Record<string, string>> = { passed: '✓', failed: '✗' };

/** @param most Tests shown of one file, beside those that failed. */
export function tableOf(proven: readonly Proven[], most: number): string {
  const lines = proven.flatMap(({ promised: { code, text }, result, proofs }) => [
    `${code.padEnd(4)} ${result.padEnd(8)} ${text}`,
    ...groups(proofs, ({ file }) => file).flatMap(([file, own]) => [
      `       ${file}: ${own.length}`,
      ...shown(own, most),
    ]),
    '',
  ]);
  const summary = groups(proven, ({ result }) => result)
    .map(([result, own]) => `${own.length} ${result}`)
    .join(', ');
  return [...lines, `${proven.length} promises: ${summary}`].join('\n');
}

function groups<T>(all: readonly T[], keyOf: (one: T) => string): [string, T[]][] {
  return [...new Set(all.map(keyOf))].map((key) => [key, all.filter((one) => keyOf(one) === key)]);
}

function shown(proofs: readonly Proof[], most: number): string[] {
  const failed = proofs.filter(({ status }) => status === 'failed');
  const others = proofs.filter(({ status }) => status !== 'failed');
  const left = others.length - most;
  return [
    ...[...failed, ...others.slice(0, most)].map(({ fault, status }) => `         ${MARKS[status] ?? '-'} ${fault}`),
    ...(left > 0 ? [`         and ${left} more`] : []),
  ];
}
