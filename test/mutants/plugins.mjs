/** What Stryker is given: what it leaves out, and a runner that tries the mutants in turn (runner.ts) before it starts vitest for each. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { strykerPlugins as ofVitest } from '@stryker-mutator/vitest-runner';

/** Leaves out what cannot run: the `default` of a switch whose cases are complete, which only the compiler reads. */
const unreachable = {
  shouldIgnore({ node }) {
    const body = node.type === 'SwitchCase' && node.test === null ? node.consequent[0]?.body : undefined;
    const [first] = body ?? [];
    const name = first?.type === 'VariableDeclaration' ? first.declarations[0].id.name : undefined;
    return name === 'never' ? 'no value comes here' : undefined;
  },
};

/** Where runner.ts writes the ids of the mutants that a test noticed in turn. */
const NOTICED = process.env.MUTANTS_NOTICED;
/** Where the ids of all tests are kept, by file: the first run is in one process, the others may be in another. */
const TESTS = `${NOTICED}.tests`;

function inTurn(injector) {
  const vitest = ofVitest[0].factory(injector);
  let known;
  return {
    capabilities: () => vitest.capabilities(),
    init: () => vitest.init(),
    dispose: () => vitest.dispose(),
    async dryRun(options) {
      const result = await vitest.dryRun(options);
      if (result.status !== 'complete') return result;
      writeFileSync(TESTS, JSON.stringify(result.tests.map(({ id, fileName }) => [basename(fileName), id])));
      vitest.ctx.provide('mode', 'in turn');
      // A test that was run again decides nothing more.
      vitest.ctx.config.bail = 0;
      await vitest.run();
      vitest.ctx.config.bail = 1;
      return result;
    },
    async mutantRun(options) {
      known ??= { noticed: new Set(readJson(NOTICED) ?? []), tests: readJson(TESTS) };
      if (known.noticed.has(options.activeMutant.id)) {
        return { status: 'killed', killedBy: [], failureMessage: 'noticed in turn', nrOfTests: 1 };
      }
      // What runs at import may concern every test; most often its own file of tests notices it.
      const ownFile = basename(options.sandboxFileName).replace(/\.ts$/, '.test.ts');
      const own = known.tests.filter(([file]) => file === ownFile).map(([, id]) => id);
      if (options.testFilter === undefined && own.length > 0) {
        const result = await vitest.mutantRun({ ...options, testFilter: own });
        if (result.status !== 'survived') return result;
      }
      return vitest.mutantRun(options);
    },
  };
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

inTurn.inject = ['$injector'];

export const strykerPlugins = [
  { kind: 'Ignore', name: 'unreachable', value: unreachable },
  { kind: 'TestRunner', name: 'in-turn', factory: inTurn },
];
