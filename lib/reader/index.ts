/** What other programs import. */

export type { AgedStatus } from '../health/aged-status.ts';
export type { AttemptContext } from './attempt.ts';
export type { ReaderAuth } from './auth.ts';
export type { Clock } from './clock.ts';
export { ReaderError } from './error.ts';
export { type FailoverOptions, type FailoverResult, withFailover } from './failover.ts';
export { type FailedAttempt, FailoverError, type FailoverErrorCode } from './failover-error.ts';
export { type Failure, failureOf, shouldFailOver } from './failure.ts';
export type { AwsCredentials } from './iam.ts';
export { createFailureMemory, type FailureMemory } from './memory.ts';
export type { HttpReaderOptions, HttpTarget, ReaderOptions, TableReaderOptions, TableTarget } from './options.ts';
export type { Ranked, ReaderSelection } from './order.ts';
export type { ReaderProblem, ReaderProblemCode } from './problem.ts';
export { createHealthReader, type HealthReader, type Provenance } from './reader.ts';
export { createReporter, type Reporter, type ReporterOptions, type TrafficOutcome } from './reporter.ts';
