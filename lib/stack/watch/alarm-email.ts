/** A topic that sends its messages to one e-mail address. CloudWatch alarms of this account may publish to it. */

import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { ConfigError } from '../../config/error.ts';

export class AlarmEmail extends Construct {
  readonly topic: Topic;

  /** @throws {ConfigError} When the text is not an e-mail address. */
  constructor(scope: Construct, id: string, address: string) {
    super(scope, id);
    if (!/^[^\s@]+@[^\s@]+$/.test(address)) {
      throw new ConfigError([
        { path: 'alarmEmail', message: `expected an e-mail address, such as "on-call@example.com", got "${address}"` },
      ]);
    }
    // Not encrypted with a KMS key: CloudWatch may not use SNS's key, and a customer managed key costs more than all
    // alarms. The text of an alarm is no secret.
    this.topic = new Topic(this, 'Topic', { displayName: 'Provider Health', enforceSSL: true });
    // `enforceSSL` replaced the default policy, which let this account publish.
    const { account } = Stack.of(this);
    this.topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    this.topic.addSubscription(new EmailSubscription(address));
  }
}
