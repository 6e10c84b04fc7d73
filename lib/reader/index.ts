/** The exports of `provider-health/reader`. */

export type { MonotonicClock as Clock } from '../base/clock.ts';
export type { AgedStatus } from '../health/aged-status.ts';
export { ReaderError } from './error.ts';
export type { AttemptContext } from './failover/attempt.ts';
export { type FailoverOptions, type FailoverResult, withFailover } from './failover/failover.ts';
export { type FailedAttempt, FailoverError, type FailoverErrorCode } from './failover/failover-error.ts';
export { type Failure, failureOf, shouldFailOver } from './failover/failure.ts';
export { createFailureMemory, type FailureMemory } from './failover/memory.ts';
export type {
  HttpReaderOptions,
  HttpTarget,
  ReaderOptions,
  SourceReaderOptions,
  SourceTarget,
  TableReaderOptions,
  TableTarget,
} from './options.ts';
export type { Ranked, ReaderSelection } from './order.ts';
export type { ReaderProblem, ReaderProblemCode } from './problem.ts';
export { createHealthReader, type HealthReader, type Provenance, type ProviderHealth } from './reader.ts';
export { createReporter, type Reporter, type ReporterOptions, type TrafficOutcome } from './reports/reporter.ts';
export type { ReaderAuth } from './sources/auth.ts';
export type { AwsCredentials } from './sources/iam.ts';
export { ofRegions, type RegionsOptions } from './sources/regions-source.ts';
export type { ReaderSource } from './sources/source.ts';
export { type Delivered, StreamFailedError, StreamStalledError } from './streams/errors.ts';
