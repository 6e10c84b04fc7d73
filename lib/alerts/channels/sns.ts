/** Amazon SNS: subject and text fit for an e-mail. The AWS SDK is loaded at the first message. */

import { createHash } from 'node:crypto';
import type { SNSClient, SNSClientConfig } from '@aws-sdk/client-sns';
import type { ChannelOf } from '../../health/alerting/alert-settings.ts';
import type { Message } from '../words/message.ts';
import { type Words, wordsOf } from '../words/words.ts';
import type { Channel } from './channel.ts';
import { resultOfSdkError, SDK_ATTEMPTS } from './sdk-result.ts';

/** SNS takes up to 100 characters of ASCII, without line ends. */
const LONGEST_SUBJECT = 100;
const SIGNATURE = '\n-- \nProvider Health';

/** @param client Settings of the SDK's client. Default: the topic's region and the process's credentials. */
export function snsChannel(settings: ChannelOf<'sns'>, client: SNSClientConfig = {}): Channel {
  const { topicArn } = settings;
  const [, , , region = ''] = topicArn.split(':');
  let sns: SNSClient | null = null;
  return {
    settings,
    async send(message, signal) {
      const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
      sns ??= new SNSClient({ region, maxAttempts: SDK_ATTEMPTS, ...client });
      const words = wordsOf(message);
      const input = {
        TopicArn: topicArn,
        Subject: subjectOf(words),
        Message: textOf(words),
        ...fifoFields(topicArn, message),
      };
      try {
        const { MessageId } = await sns.send(new PublishCommand(input), { abortSignal: signal });
        return { outcome: 'delivered', answer: `message ${MessageId ?? ''}` };
      } catch (error) {
        return resultOfSdkError(error);
      }
    },
  };
}

function subjectOf({ label, title }: Words): string {
  const subject = `[${label}] ${title}`.replace(/[^\x20-\x7e]/g, '?');
  return subject.length <= LONGEST_SUBJECT ? subject : `${subject.slice(0, LONGEST_SUBJECT - 3)}...`;
}

function textOf({ title, lines, link }: Words): string {
  return [title, '', ...lines, ...(link === null ? [] : ['', link]), SIGNATURE].join('\n');
}

/** A FIFO topic keeps the order of a group, and drops a second message with the same id. */
function fifoFields(topicArn: string, message: Message) {
  if (!topicArn.endsWith('.fifo')) return {};
  const ids = message.kind === 'test' ? `test ${message.at}` : message.alerts.map(({ id }) => id).join();
  return { MessageGroupId: 'provider-health', MessageDeduplicationId: createHash('sha256').update(ids).digest('hex') };
}
