import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A loaded two-core machine stalls now and then; a limit that only catches a hang never makes a test flaky.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
  },
});
