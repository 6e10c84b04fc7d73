import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { inject, type RunnerTestCase, type RunnerTestSuite, TestRunner, test } from 'vitest';

/** The global object that Stryker's instrumented code reads and writes. */
interface Instrumented {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { perTest: Record<string, Record<string, number>> };
  /** Mutants that a test has noticed in turn. */
  noticed?: Set<string>;
  /** A mutant left something behind that tests fail by: from here on none is tried in turn. */
  isSpoilt?: boolean;
}

const shared = globalThis as { __stryker__?: Instrumented };
shared.__stryker__ ??= {};
const code = shared.__stryker__;

/** A test that takes longer is not run again for each of its mutants: they are tested as those that are not tried in turn. */
const LONGEST_MS = 400;
/** A mutant that runs its code so much more often than it is run without it is in an endless loop. */
const MOST_ROUNDS = 20;
/** The longest wait for one test, since a promise may never settle. */
const LONGEST_WAIT_MS = 5000;

/**
 * A file of tests that cannot be imported has a test that fails. Otherwise it has no tests, none of them fails, and a
 * mutant that breaks a module as it is loaded counts as one that lived.
 *
 * In turn: a test is run once more for each mutant in the code that it runs, since to start anew for each mutant takes a
 * hundred times longer than the test. What this does not decide is tested in the usual way: code that runs as it is
 * imported, slow tests, mutants that are waited for too long, and all that no test noticed.
 */
export default class extends TestRunner {
  override async importFile(path: string, source: 'collect' | 'setup'): Promise<unknown> {
    try {
      return await super.importFile(path, source);
    } catch (cause) {
      if (source === 'setup') throw cause;
      test(`${path} is imported`, () => {
        throw cause;
      });
      return undefined;
    }
  }

  async runTask(task: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(task) as () => Promise<void>;
    const file = process.env.MUTANTS_NOTICED;
    if (file === undefined || inject('mode' as never) !== 'in turn') return run();
    const { ms, rounds } = await measured(run, task.id);
    if (ms > LONGEST_MS || code.isSpoilt) return;
    const again = roundsOf(task, run);
    code.noticed ??= new Set(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);
    for (const [mutant, count] of Object.entries(rounds)) {
      if (code.noticed.has(mutant) || !(await isNoticed(again, mutant, count))) continue;
      // Unless the test fails by itself now.
      code.isSpoilt = await fails(again);
      if (code.isSpoilt) {
        console.error(`${task.name}: fails after the mutant ${mutant}, so no more are tried in turn`);
        break;
      }
      code.noticed.add(mutant);
    }
    await again.prepare();
    writeFileSync(file, JSON.stringify([...code.noticed]));
  }
}

/** Runs a test as it is: how long it takes, and how often it runs the code of each mutant. */
async function measured(run: () => Promise<void>, id: string) {
  const before = code.currentTestId;
  code.currentTestId = id;
  const startedAt = performance.now();
  await run();
  const ms = performance.now() - startedAt;
  code.currentTestId = before;
  return { ms, rounds: code.mutantCoverage?.perTest[id] ?? {} };
}

/** Runs a test once more, with what comes before it, and cleans up what the one before has left. */
interface Again {
  prepare(): Promise<void>;
  run(): Promise<void>;
}

function roundsOf(task: RunnerTestCase, run: () => Promise<void>): Again {
  const suites: RunnerTestSuite[] = [];
  for (let suite = task.suite ?? task.file; suite; suite = suite.suite ?? suite.file) {
    suites.unshift(suite);
    if (suite === task.file) break;
  }
  const cleanups: (() => unknown)[] = [];
  return {
    async prepare() {
      for (const suite of suites.toReversed()) {
        for (const hook of TestRunner.getSuiteHooks(suite).afterEach.toReversed()) await hook(task.context, suite);
      }
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
      for (const suite of suites) {
        for (const hook of TestRunner.getSuiteHooks(suite).beforeEach) {
          const cleanup = await hook(task.context, suite);
          if (typeof cleanup === 'function') cleanups.push(() => cleanup());
        }
      }
    },
    run,
  };
}

async function isNoticed(again: Again, mutant: string, rounds: number): Promise<boolean> {
  await again.prepare();
  Object.assign(code, { activeMutant: mutant, hitCount: 0, hitLimit: rounds * MOST_ROUNDS + 1000 });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, LONGEST_WAIT_MS, false);
  });
  const isFailing = await Promise.race([failsPrepared(again), late]);
  clearTimeout(timer);
  Object.assign(code, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined });
  return isFailing;
}

async function fails(again: Again): Promise<boolean> {
  await again.prepare();
  return failsPrepared(again);
}

async function failsPrepared({ run }: Again): Promise<boolean> {
  try {
    await run();
    return false;
  } catch {
    return true;
  }
}
