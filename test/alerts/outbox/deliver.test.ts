import { expect, it } from 'vitest';
import type { Channel } from '../../../lib/alerts/channels/channel.ts';
import { deliver } from '../../../lib/alerts/outbox/deliver.ts';
import { SEVERITIES } from '../../../lib/health/alerting/alert-settings.ts';
import { at, START } from '../../support/builders.ts';

it('S1: a process that was frozen during a pause makes no attempt after its time is over', async () => {
  let attempts = 0;
  const channel: Channel = {
    settings: { id: 'team', tags: [], severities: SEVERITIES, type: 'slack', url: 'env:URL' },
    async send() {
      attempts += 1;
      return { outcome: 'failed', answer: 'HTTP 503', retryAfterMs: null };
    },
  };
  let now = new Date(START);
  const clock = {
    now: () => now,
    async sleep() {
      now = new Date(at(3_600_000));
    },
  };
  const options = { clock, random: () => 0, endsAt: new Date(at(20_000)), signal: new AbortController().signal };
  const result = await deliver(channel, { kind: 'test', at: START }, options);
  expect({ attempts, result }).toMatchObject({ attempts: 1, result: { outcome: 'failed', answer: 'HTTP 503' } });
});
