import { TestRunner, test } from 'vitest';

/**
 * A file of tests that cannot be imported has a test that fails. Otherwise it has no tests, none of them fails, and a
 * mutant that breaks a module as it is loaded counts as one that lived.
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
}
