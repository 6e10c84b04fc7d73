import { configureGlobal } from 'fast-check';

/** Each mutant runs them: what a few examples do not notice has a test of its own. */
configureGlobal({ numRuns: 20 });
