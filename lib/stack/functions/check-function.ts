/**
 * The check Lambda and what wakes it. A tick is worth something only in its own minute: nothing here tries again. What
 * was lost shows in the dead-letter queue, and the next tick repairs it.
 */

import { Duration, Validations } from 'aws-cdk-lib';
import { EventField, type IRuleTarget, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from '../../config/deployment.ts';
import { type ConcurrencyOptions, concurrencyOf } from './concurrency.ts';
import type { FunctionSettings } from './function-settings.ts';
import { HandlerFunction } from './handler-function.ts';

/** Each divides a minute, which is the shortest time between two firings of a rule. */
export const TICK_SECONDS = [60, 30, 20, 15, 10] as const;

export type TickSeconds = (typeof TICK_SECONDS)[number];

/**
 * Two probes of one provider (the second confirms the first) at the longest timeout of 25 s, a second between them, and
 * the reserve of 3 s that a tick keeps.
 */
const TIMEOUT = Duration.seconds(60);

/** One whole vCPU: with less, Lambda stops the process now and then, and its pauses would be measured as the providers'. */
const MEMORY_MIB = 1769;
/** Names are looked up on libuv's threads. With its 4, as many names that hang would hold up the look-ups of all others. */
const LOOKUP_THREADS = 64;

/** The shortest that Lambda, EventBridge and SQS take. */
const EVENT_AGE = Duration.seconds(60);

/** EventBridge's limit. */
const TARGETS_PER_RULE = 5;

export interface CheckFunctionProps {
  readonly deployment: Deployment;
  readonly tickSeconds: TickSeconds;
  readonly settings: FunctionSettings;
  readonly concurrency?: ConcurrencyOptions | undefined;
}

export class CheckFunction extends Construct {
  readonly lambda: LambdaFunction;
  /** Ticks that were lost: events that did not reach the function, and those it failed at. Kept 14 days. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: CheckFunctionProps) {
    super(scope, id);
    this.lambda = new HandlerFunction(this, 'Handler', {
      handler: 'check',
      description: 'Probes every due provider and records what it found',
      deployment: props.deployment,
      memoryMiB: props.settings.memory?.check ?? MEMORY_MIB,
      timeout: TIMEOUT,
      reservedConcurrency: concurrencyOf('check', props.concurrency?.check),
      callsOut: true,
      settings: props.settings,
    }).lambda;
    this.lambda.addEnvironment('UV_THREADPOOL_SIZE', String(LOOKUP_THREADS));
    this.deadLetters = new Queue(this, 'DeadLetters', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This queue is the dead-letter queue: of the rule, of the function and of the delay queues.',
    });
    // A rule's own retry settings end when Lambda has taken the event; from there on these count.
    this.lambda.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: EVENT_AGE,
      onFailure: new SqsDestination(this.deadLetters),
    });
    this.#schedule(props.tickSeconds);
  }

  /** A rule fires once a minute at best: the ticks in between wait in queues, each of which delays by as much as it is late. */
  #schedule(tickSeconds: TickSeconds): void {
    const lost = { retryAttempts: 0, maxEventAge: EVENT_AGE, deadLetterQueue: this.deadLetters };
    const targets: IRuleTarget[] = [new LambdaTarget(this.lambda, lost)];
    for (let delaySeconds = tickSeconds; delaySeconds < 60; delaySeconds += tickSeconds) {
      const message = RuleTargetInput.fromObject({ time: EventField.time, delaySeconds });
      targets.push(new SqsQueue(this.#delayQueue(delaySeconds), { ...lost, message }));
    }
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

  #delayQueue(delaySeconds: number): Queue {
    const queue = new Queue(this, `Delay${delaySeconds}`, {
      deliveryDelay: Duration.seconds(delaySeconds),
      // Nobody wants a tick that is a minute late.
      retentionPeriod: Duration.seconds(delaySeconds).plus(EVENT_AGE),
      // While the function has a message, nobody else gets it.
      visibilityTimeout: TIMEOUT,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 1 },
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    this.lambda.addEventSource(new SqsEventSource(queue, { batchSize: 1 }));
    return queue;
  }
}
