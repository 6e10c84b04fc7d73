/**
 * `npm run test:emulated`: the deployment on an emulated AWS, the table's code on Amazon's DynamoDB Local, the template by
 * cfn-lint. It installs what it needs in folders of its own, where Python and Maven are found, so it is not in `npm test`.
 */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/emulated/*.test.ts'],
    // Installing takes what the index takes; this only catches a hang.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
