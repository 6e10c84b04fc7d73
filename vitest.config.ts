import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

export default defineConfig({
  // Examples import the package by its name, as its users do.
  resolve: { alias: { 'provider-health/reader': fileURLToPath(new URL('lib/reader/index.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    // They install packages: `npm run test:package`, `npm run test:emulated`.
    exclude: ['test/package/**', 'test/emulated/**'],
    setupFiles: ['test/support/setup.ts'],
    // A loaded two-core machine stalls now and then; a limit that only catches a hang never makes a test flaky.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // So may be waiting for a state: one second, vitest's default, is shorter than such a stall.
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks',
    // Tests make many short-lived objects: with the usual 16 MiB for these, every seventh second of CPU went to collecting them.
    execArgv: ['--max-semi-space-size=64'],
    // One more than cores, since many files wait for their child processes, disks and short pauses. With two more a run on quiet
    // cores takes as long, and needs a gigabyte more.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // Nothing is mocked, so files can share what they import: loading it anew for each would take as long as the tests.
    isolate: false,
    coverage: {
      include: ['lib/**/*.ts', 'functions/**/*.ts'],
      // Made by a script, or run by a browser, which does not report to vitest.
      exclude: ['lib/api/page/generated/**', 'lib/api/page/browser/**'],
      reporter: ['text-summary', 'html'],
      // Today's figures, whole per cents: a change may not fall below them. What child processes run is not in them.
      thresholds: { statements: 92, branches: 89, functions: 93, lines: 93 },
    },
  },
});
