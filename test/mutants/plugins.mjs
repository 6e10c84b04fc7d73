/** What Stryker is given: what it leaves out, and a runner that tries the mutants in turn (runner.ts) before it starts vitest for each. */

import { existsSync, readFileSync } from 'node:fs';
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

function inTurn(injector) {
  const vitest = ofVitest[0].factory(injector);
  let noticed;
  return {
    capabilities: () => vitest.capabilities(),
    init: () => vitest.init(),
    dispose: () => vitest.dispose(),
    async dryRun(options) {
      const result = await vitest.dryRun(options);
      if (result.status === 'complete') {
        vitest.ctx.provide('mode', 'in turn');
        // A test that was run again decides nothing more.
        vitest.ctx.config.bail = 0;
        await vitest.run();
        vitest.ctx.config.bail = 1;
      }
      return result;
    },
    async mutantRun(options) {
      // Written by now: the first run comes before all of them, maybe in another process.
      noticed ??= new Set(existsSync(NOTICED) ? JSON.parse(readFileSync(NOTICED, 'utf8')) : []);
      if (!noticed.has(options.activeMutant.id)) return vitest.mutantRun(options);
      return { status: 'killed', killedBy: [], failureMessage: 'noticed in turn', nrOfTests: 1 };
    },
  };
}
inTurn.inject = ['$injector'];

export const strykerPlugins = [
  { kind: 'Ignore', name: 'unreachable', value: unreachable },
  { kind: 'TestRunner', name: 'in-turn', factory: inTurn },
];
