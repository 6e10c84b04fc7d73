import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests that a part's mutants are run against: the files and folders in MUTANTS_TESTS. */
export default defineConfig({
  test: {
    include: (process.env.MUTANTS_TESTS ?? '')
      .split(',')
      .map((path) => (path.endsWith('.ts') ? `test/${path}` : `test/${path}/**/*.test.ts`)),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    isolate: false,
    setupFiles: fileURLToPath(new URL('setup.ts', import.meta.url)),
    runner: fileURLToPath(new URL('runner.ts', import.meta.url)),
  },
});
