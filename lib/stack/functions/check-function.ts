/**
 * The check Lambdas, one for each shard, and their schedule. A late tick is useless, so nothing is retried here. The
 * event of a lost tick goes to the dead-letter queue, and the next tick repairs what was left out.
 */

import { Duration } from 'aws-cdk-lib';
import { EventField, type IRuleTarget, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { youngSpaceOption } from '../../base/garbage.ts';
import type { Deployment } from '../../config/deployment.ts';
import { memoryMiBFor, shardNames } from '../../health/shards.ts';
import { type ConcurrencyOptions, concurrencyOf } from './concurrency.ts';
import { deadLetterQueue } from './dead-letters.ts';
import type { FunctionSettings } from './function-settings.ts';
import { HandlerFunction } from './handler-function.ts';

/** All are divisors of a minute, which is the shortest period of an EventBridge rule. */
export const TICK_SECONDS = [60, 30, 20, 15, 10] as const;

export type TickSeconds = (typeof TICK_SECONDS)[number];

/**
 * Two probes of one provider (the second confirms the first) at the longest timeout of 25 s, a second between them, and
 * the tick's reserve of 3 s. It does not depend on the number of providers: all are probed in parallel, and the starts
 * of a full shard take less than the remaining 6 s.
 */
const TIMEOUT = Duration.seconds(60);

/** libuv resolves names on its threads. With its default of 4, four hanging lookups would block all others. */
const LOOKUP_THREADS = 64;

/** The shortest age that Lambda, EventBridge and SQS allow. */
const EVENT_AGE = Duration.seconds(60);

/** EventBridge's limit. */
const TARGETS_PER_RULE = 5;

export interface CheckFunctionProps {
  readonly deployment: Deployment;
  readonly tickSeconds: TickSeconds;
  /** Number of shards. Each is checked by a function of its own. */
  readonly shards: number;
  /** Number of declared providers of each shard. */
  readonly sizes: readonly number[];
  readonly settings: FunctionSettings;
  readonly concurrency?: ConcurrencyOptions | undefined;
}

/**
 * Each shard has a function of its own, because a process keeps the connections, TLS sessions and recorded checks of
 * the providers that it probed in the tick before.
 */
export class CheckFunction extends Construct {
  /** The function of the first shard. It also checks reported providers and calls `heartbeatUrl`. */
  readonly lambda: LambdaFunction;
  /** The functions of all shards. */
  readonly lambdas: readonly LambdaFunction[];
  /** Lost ticks: events that did not reach the function, and events that it failed at. Kept for 14 days. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: CheckFunctionProps) {
    super(scope, id);
    const { shards } = props;
    this.lambdas = shardNames(shards).map((shard, index) => {
      const memoryMiB = props.settings.memory?.check ?? memoryMiBFor(props.sizes[index] ?? 0);
      const { lambda } = new HandlerFunction(this, index === 0 ? 'Handler' : `Handler${shard}`, {
        handler: 'check',
        description: `Probes every due provider${shards > 1 ? ` of shard ${shard}` : ''} and records the results`,
        deployment: props.deployment,
        memoryMiB,
        timeout: TIMEOUT,
        reservedConcurrency: concurrencyOf('check', props.concurrency?.check),
        callsOut: true,
        settings: props.settings,
      });
      lambda.addEnvironment('UV_THREADPOOL_SIZE', String(LOOKUP_THREADS));
      lambda.addEnvironment('NODE_OPTIONS', youngSpaceOption(memoryMiB));
      return lambda;
    });
    this.lambda = first(this.lambdas);
    this.deadLetters = deadLetterQueue(this, 'of the rule, of the function and of the delay queues');
    // The rule's retry settings count only until Lambda has accepted the event. These count from there on.
    for (const lambda of this.lambdas) {
      lambda.configureAsyncInvoke({
        retryAttempts: 0,
        maxEventAge: EVENT_AGE,
        onFailure: new SqsDestination(this.deadLetters),
      });
    }
    this.#schedule(props.tickSeconds);
  }

  /**
   * A rule fires at most once a minute. The ticks in between come from delay queues: one queue for each tick within the
   * minute.
   */
  #schedule(tickSeconds: TickSeconds): void {
    const lost = { retryAttempts: 0, maxEventAge: EVENT_AGE, deadLetterQueue: this.deadLetters };
    const targets: IRuleTarget[] = this.lambdas.flatMap((lambda, shard) => {
      const several = this.lambdas.length > 1 && { shard, shards: this.lambdas.length };
      const event = several ? { event: RuleTargetInput.fromObject({ time: EventField.time, ...several }) } : {};
      const ofShard: IRuleTarget[] = [new LambdaTarget(lambda, { ...lost, ...event })];
      for (let delaySeconds = tickSeconds; delaySeconds < 60; delaySeconds += tickSeconds) {
        const message = RuleTargetInput.fromObject({ time: EventField.time, delaySeconds, ...several });
        ofShard.push(new SqsQueue(this.#delayQueue(lambda, shard, delaySeconds), { ...lost, message }));
      }
      return ofShard;
    });
    // A rate counts from the creation of its rule, so several rules would not fire together. Cron rules fire at the
    // full minute.
    const schedule =
      targets.length > TARGETS_PER_RULE ? Schedule.cron({ minute: '*' }) : Schedule.rate(Duration.minutes(1));
    for (let first = 0; first < targets.length; first += TARGETS_PER_RULE) {
      new Rule(this, first === 0 ? 'EveryMinute' : `EveryMinute${first}`, {
        description: `A tick every ${tickSeconds} seconds`,
        schedule,
        targets: targets.slice(first, first + TARGETS_PER_RULE),
      });
    }
  }

  #delayQueue(lambda: LambdaFunction, shard: number, delaySeconds: number): Queue {
    const queue = new Queue(this, `Delay${delaySeconds}${shard === 0 ? '' : `Shard${shard}`}`, {
      deliveryDelay: Duration.seconds(delaySeconds),
      // A tick that is more than a minute late is useless.
      retentionPeriod: Duration.seconds(delaySeconds).plus(EVENT_AGE),
      // No other consumer gets the message while the function handles it.
      visibilityTimeout: TIMEOUT,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 1 },
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    lambda.addEventSource(new SqsEventSource(queue, { batchSize: 1 }));
    return queue;
  }
}

function first([lambda]: readonly LambdaFunction[]): LambdaFunction {
  if (lambda === undefined) throw new Error('shards: expected at least 1, got none');
  return lambda;
}
