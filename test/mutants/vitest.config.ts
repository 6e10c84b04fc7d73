import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests that a part's mutants are run against: the folders in MUTANTS_TESTS. */
export default defineConfig({
  test: {
    include: (process.env.MUTANTS_TESTS ?? '').split(',').map((folder) => `test/${folder}/**/*.test.ts`),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    isolate: false,
    runner: fileURLToPath(new URL('runner.ts', import.meta.url)),
  },
});
