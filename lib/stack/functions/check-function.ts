/**
 * The check Lambda, one for each shard, and what invokes it. A late tick is useless, so nothing here tries again: a lost
 * one lies in the dead-letter queue, and the next tick repairs what it left out.
 */

import { Duration } from 'aws-cdk-lib';
import { EventField, type IRuleTarget, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from '../../config/deployment.ts';
import { memoryMiBFor, shardNames } from '../../health/shards.ts';
import { type ConcurrencyOptions, concurrencyOf } from './concurrency.ts';
import { deadLetterQueue } from './dead-letters.ts';
import type { FunctionSettings } from './function-settings.ts';
import { HandlerFunction } from './handler-function.ts';

/** Each divides a minute, which is the shortest time between two firings of a rule. */
export const TICK_SECONDS = [60, 30, 20, 15, 10] as const;

export type TickSeconds = (typeof TICK_SECONDS)[number];

/**
 * Two probes of one provider (the second confirms the first) at the longest timeout of 25 s, a second between them, and
 * the reserve of 3 s that a tick keeps. The same for every size: all providers are asked side by side, and the starts of a
 * full shard take less than the 6 s that are left.
 */
const TIMEOUT = Duration.seconds(60);

/** Names are looked up on libuv's threads. With its 4, four names that hang would block the look-ups of all others. */
const LOOKUP_THREADS = 64;

/** The shortest that Lambda, EventBridge and SQS take. */
const EVENT_AGE = Duration.seconds(60);

/** EventBridge's limit. */
const TARGETS_PER_RULE = 5;

export interface CheckFunctionProps {
  readonly deployment: Deployment;
  readonly tickSeconds: TickSeconds;
  /** In how many parts the providers are checked, each by a function of its own. */
  readonly shards: number;
  /** How many of the declared providers each of them has, in their order. */
  readonly sizes: readonly number[];
  readonly settings: FunctionSettings;
  readonly concurrency?: ConcurrencyOptions | undefined;
}

/**
 * A function for each shard, and not one for all: a process keeps connections, TLS sessions and what it knows to be written,
 * of the providers that it probed the tick before.
 */
export class CheckFunction extends Construct {
  /** That of the first shard, which also checks what routers report and calls `heartbeatUrl`. */
  readonly lambda: LambdaFunction;
  /** One for each shard. */
  readonly lambdas: readonly LambdaFunction[];
  /** Ticks that were lost: events that did not reach the function, and those it failed at. Kept 14 days. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: CheckFunctionProps) {
    super(scope, id);
    const { shards } = props;
    this.lambdas = shardNames(shards).map((shard, index) => {
      const { lambda } = new HandlerFunction(this, index === 0 ? 'Handler' : `Handler${shard}`, {
        handler: 'check',
        description: `Probes every due provider${shards > 1 ? ` of shard ${shard}` : ''} and records what it found`,
        deployment: props.deployment,
        memoryMiB: props.settings.memory?.check ?? memoryMiBFor(props.sizes[index] ?? 0),
        timeout: TIMEOUT,
        reservedConcurrency: concurrencyOf('check', props.concurrency?.check),
        callsOut: true,
        settings: props.settings,
      });
      lambda.addEnvironment('UV_THREADPOOL_SIZE', String(LOOKUP_THREADS));
      return lambda;
    });
    this.lambda = first(this.lambdas);
    this.deadLetters = deadLetterQueue(this, 'of the rule, of the function and of the delay queues');
    // A rule's own retry settings end when Lambda has taken the event; from there on these count.
    for (const lambda of this.lambdas) {
      lambda.configureAsyncInvoke({
        retryAttempts: 0,
        maxEventAge: EVENT_AGE,
        onFailure: new SqsDestination(this.deadLetters),
      });
    }
    this.#schedule(props.tickSeconds);
  }

  /** A rule fires once a minute at best: the ticks in between wait in queues, each of which delays by as much as it is late. */
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
    // A rate counts from the moment its rule was made, so several rules would be out of step; cron keeps to the minute.
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
      // A tick that is a minute late is useless.
      retentionPeriod: Duration.seconds(delaySeconds).plus(EVENT_AGE),
      // While the function has a message, no other consumer gets it.
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
