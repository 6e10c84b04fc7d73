/** A topic whose messages reach one address by e-mail, and that CloudWatch's alarms of this account may publish to. */

import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { ConfigError } from '../../config/error.ts';

export class AlarmEmail extends Construct {
  readonly topic: Topic;

  /** @throws {ConfigError} When the address is none. */
  constructor(scope: Construct, id: string, address: string) {
    super(scope, id);
    if (!/^[^\s@]+@[^\s@]+$/.test(address)) {
      throw new ConfigError([
        { path: 'alarmEmail', message: `expected an e-mail address, such as "on-call@example.com", got "${address}"` },
      ]);
    }
    // Not encrypted by a key: CloudWatch may not use the one of SNS, and one's own costs more than all alarms. The text of an
    // alarm is no secret.
    this.topic = new Topic(this, 'Topic', { displayName: 'Provider Health', enforceSSL: true });
    // With a policy of its own, for SSL, the topic has lost the one that lets its account publish.
    const { account } = Stack.of(this);
    this.topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    this.topic.addSubscription(new EmailSubscription(address));
  }
}
