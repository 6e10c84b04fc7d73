/**
 * Before every test file: properties are tested with the same values each time, so that no run fails by chance. PROPERTY_SEED
 * chooses others: `PROPERTY_SEED=$RANDOM npx vitest run test/health`.
 */

import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 42) });
