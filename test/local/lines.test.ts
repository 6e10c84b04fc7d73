import { describe, expect, test } from 'vitest';
import type { Transition } from '../../lib/health/transition.ts';
import { alertLine, type Started, startLines, terminalLog, transitionLine } from '../../lib/local/lines.ts';

const DOWN: Transition = {
  id: '2026-11-24T12:00:00.000Z#glm',
  provider: 'glm',
  from: 'healthy',
  to: 'unhealthy',
  at: '2026-11-24T12:00:00.000Z',
  category: 'overloaded',
  fault: 'provider',
  errorMessage: '429 1305: The model is busy',
  lastedMs: 60_000,
};

describe('a line for a change of state', () => {
  test('says who, from what to what, why, and whose fault it is', () => {
    expect(transitionLine(DOWN, false)).toMatch(
      /^\d\d:\d\d:\d\d {2}glm {2,}healthy -> unhealthy +overloaded, the provider's fault: 429 1305: The model is busy$/,
    );
    expect(transitionLine({ ...DOWN, category: 'auth', fault: 'ours' }, false)).toContain('auth, needs our fix: ');
  });

  test('has no reason when things got better, and nothing behind it', () => {
    const better = { ...DOWN, to: 'healthy', category: null, fault: null, errorMessage: null } as const;
    expect(transitionLine(better, false)).toMatch(/-> healthy$/);
  });

  test('says why a provider that was removed or disabled has no state', () => {
    const ended = {
      ...DOWN,
      from: 'blacklisted',
      to: 'unknown',
      category: null,
      fault: null,
      errorMessage: null,
    } as const;
    expect(transitionLine(ended, false)).toMatch(/blacklisted -> unknown +no longer checked$/);
  });

  test('shows the new state in its colour only where there are colours', () => {
    expect(transitionLine(DOWN, true)).toContain('\u001b[31munhealthy\u001b[39m');
    expect(transitionLine(DOWN, false)).not.toContain('\u001b');
  });

  test('shows what the provider said without what a terminal obeys', () => {
    const hostile = 'a\u001b[2Jb\u202ec\u2028d\nе';
    expect(transitionLine({ ...DOWN, errorMessage: hostile }, false)).toContain('a\\u001b[2Jb\\u202ec\\u2028d\\nе');
  });
});

const STARTED: Started = {
  url: 'http://127.0.0.1:3000',
  tableName: 'provider-health',
  dynamodbEndpoint: 'http://127.0.0.1:8000',
  credentialsFile: '/tmp/provider-health-1/credentials',
  dataFolder: null,
  tickSeconds: 5,
  providers: [
    { id: 'openai', intervalSeconds: 5 },
    { id: 'claude', intervalSeconds: 5 },
  ],
  simulated: true,
  zone: 'Europe/Berlin, UTC+01:00',
  password: null,
};

test('the first lines say where the page and the table are, and what to try', () => {
  const text = startLines(STARTED);
  expect(text).toContain('Status page  http://127.0.0.1:3000/\n');
  expect(text).toContain(
    'provider-health at http://127.0.0.1:8000 (embedded, lost when this process ends; --data DIR keeps it)',
  );
  expect(text).toContain(
    'For your programs: AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000 AWS_REGION=us-east-1 AWS_SHARED_CREDENTIALS_FILE=/tmp/provider-health-1/credentials\n',
  );
  expect(startLines({ ...STARTED, dataFolder: '/data' })).toContain('(embedded, kept in /data)\n');
  expect(startLines({ ...STARTED, credentialsFile: null })).not.toMatch(/AWS_|embedded/);
  expect(text).toContain('2 providers, simulated, every 5 s, so that states change within the first minute');
  expect(text).toContain('curl -s http://127.0.0.1:3000/v1/summary\n');
});

test('the first lines say the zone of the times, and ask for the password without saying it', () => {
  expect(startLines(STARTED)).toContain('Transitions and sent alerts, times in Europe/Berlin, UTC+01:00:');
  expect(startLines(STARTED)).not.toContain(' -u ');
  expect(startLines({ ...STARTED, password: 'env:PASS' })).toContain(
    '  curl -s -u ":$PASS" http://127.0.0.1:3000/v1/summary',
  );
  expect(startLines({ ...STARTED, password: 'ssm:/pass' })).toContain('  curl -s -u ":PASSWORD" http');
});

test('an alert that was sent is a line with its channel and its title', () => {
  const now = new Date('2026-11-24T12:00:00.000Z');
  expect(alertLine({ channel: 'slack', title: 'glm is down: overloaded', providers: ['glm'] }, now)).toMatch(
    /^\d\d:\d\d:\d\d {2}glm {2,}alert sent by slack: glm is down: overloaded$/,
  );
  expect(alertLine({ channel: 'c', title: 't', providers: ['a', 'b', 'c'] }, now)).toContain('  3 providers ');
});

test('the first lines name the providers that asked for checks more often than the ticks come', () => {
  const providers = [...STARTED.providers, { id: 'glm', intervalSeconds: 30 }];
  const text = startLines({ ...STARTED, providers, tickSeconds: 60, simulated: false });
  expect(text).toContain('Ticks are slower than the intervals of openai, claude, glm. Add --tick-seconds 5.');
  expect(startLines(STARTED)).not.toContain('slower');
});

test('the log of a terminal is a line for each warning and error, and keeps what is routine to itself', () => {
  const written: string[] = [];
  const lines = { out: () => {}, err: (text: string) => void written.push(text), colour: false };
  const log = terminalLog(lines, () => new Date('2026-11-24T12:00:00.000Z'));
  log.info('tick done');
  log.warn('check items not written', { checks: 2 });
  log.error('tick failed', { error: 'no answer\nat all' });
  expect(written).toEqual([
    expect.stringMatching(/^\d\d:\d\d:00 {2}warning {2}check items not written {2}checks=2$/),
    expect.stringMatching(/^\d\d:\d\d:00 {2}error {2}tick failed {2}error=no answer\\nat all$/),
  ]);
});
