/** `npm run test:package`: what `npm pack` makes, as its users meet it. It installs packages, so it is not in `npm test`. */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/package/*.test.ts'],
    // Packing and installing take what the registry and the disk take; this only catches a hang.
    testTimeout: 120_000,
    hookTimeout: 600_000,
    pool: 'forks',
  },
});
