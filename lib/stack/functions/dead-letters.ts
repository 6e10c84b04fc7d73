/** A dead-letter queue: keeps the events that a function finally failed at, for 14 days. */

import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** @param owner The source of the failures, as in "of the stream". */
export function deadLetterQueue(scope: Construct, owner: string): Queue {
  const queue = new Queue(scope, 'DeadLetters', {
    retentionPeriod: Duration.days(14),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: `This queue is the dead-letter queue ${owner}.`,
  });
  return queue;
}
