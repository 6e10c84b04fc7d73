/** The queue that keeps, for 14 days, what a function failed at for good. */

import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** @param owner Whose failures it keeps, as in "of the stream". */
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
