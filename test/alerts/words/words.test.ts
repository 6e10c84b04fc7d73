import { describe, expect, it } from 'vitest';
import { type Message, messagesOf } from '../../../lib/alerts/words/message.ts';
import { listText } from '../../../lib/alerts/words/phrases.ts';
import { wordsOf } from '../../../lib/alerts/words/words.ts';
import type { Alert } from '../../../lib/health/alerting/alert.ts';
import { CATEGORIES } from '../../../lib/health/category.ts';
import { minute } from '../../support/builders.ts';
import { alert, message, recovery } from '../samples.ts';

const REFUSED = { problem: 'action_needed', severity: 'error', category: 'auth', errorMessage: 'no' } as const;

/** A message as a person sees it in an e-mail. */
function shown(sent: Message): string {
  const { label, title, lines } = wordsOf(sent);
  return [`[${label}] ${title}`, ...lines].join('\n');
}

const monitor = (fields: Partial<Alert> = {}) =>
  alert({
    provider: null,
    problem: 'monitor_fault',
    category: null,
    errorMessage: null,
    fault: null,
    ordinal: null,
    ...fields,
  });

describe('the link of a message', () => {
  const link = (first: Alert, ...rest: Alert[]) =>
    wordsOf({ ...message([first, ...rest]), publicUrl: 'https://h.example' }).link;

  it.each([
    ['an outage leads to its incident', link(alert()), '/incidents/20260301T100100000Z-alpha'],
    ['the end of it leads there too', link(recovery()), '/incidents/20260301T100100000Z-alpha'],
    [
      'flapping leads to the incidents of the provider',
      link(alert({ problem: 'flapping' })),
      '/incidents?provider=alpha',
    ],
    [
      'several providers lead to what is not over',
      link(alert(), alert({ provider: 'beta' })),
      '/incidents?state=ongoing',
    ],
    ['the monitor leads to the page', link(monitor()), '/'],
  ])('%s', (_, address, expected) => {
    expect(address).toBe(`https://h.example${expected}`);
  });

  it('is left out when the address of the page is not known', () => {
    expect(wordsOf(message([alert()])).link).toBeNull();
  });
});

describe('a message as a person sees it', () => {
  it.each([
    [
      'an outage',
      message([alert({ ordinal: 4 })]),
      `[DOWN] alpha is down: server_error
Not usable since 2026-03-01 10:01 UTC: the provider's fault. Other providers are selected until it works again.
server_error: expected HTTP 200, got 503
4th incident in 24 h.`,
    ],
    [
      'a refused key',
      message([alert({ problem: 'action_needed', category: 'auth', errorMessage: 'Incorrect API key provided: ***' })]),
      `[ACTION NEEDED] alpha needs action: auth
Not usable since 2026-03-01 10:01 UTC: needs our fix. The provider works for others.
auth: Incorrect API key provided: ***
Check the key that apiKey refers to: it was refused, or may not do this.`,
    ],
    [
      'a reminder',
      message([alert({ phase: 'reminder', at: minute(61), lastedMs: 3_600_000, ordinal: null })]),
      `[STILL DOWN] alpha is still down after 1 h: server_error
Not usable since 2026-03-01 10:01 UTC: the provider's fault. Other providers are selected until it works again.
server_error: expected HTTP 200, got 503`,
    ],
    [
      'a recovery',
      message([recovery()]),
      `[RECOVERED] alpha works again after 12 min
It was down since 2026-03-01 10:01 UTC.`,
    ],
    [
      'the end of an outage, since the provider is no longer checked',
      message([recovery({ state: 'unknown' })]),
      `[NOT CHECKED] alpha is no longer checked
It was removed or disabled while it was down since 2026-03-01 10:01 UTC, so the problem counts as ended.`,
    ],
    [
      'the same of a provider that flapped',
      message([recovery({ state: 'unknown', problem: 'flapping' })]),
      `[NOT CHECKED] alpha is no longer checked
It was removed or disabled while it was flapping since 2026-03-01 10:01 UTC, so the problem counts as ended.`,
    ],
    [
      'flapping',
      message([alert({ problem: 'flapping' })]),
      `[FLAPPING] alpha is flapping
It changed its state 4 times within 30 minutes. Until it has kept its state for 30 minutes, there is one more alert at most: if it is blacklisted.
server_error: expected HTTP 200, got 503`,
    ],
    [
      'the end of flapping',
      message([recovery({ problem: 'flapping' })]),
      `[RECOVERED] alpha is stable again
It has worked for 30 minutes without a change.`,
    ],
    [
      'three providers at once',
      message([
        alert({ provider: 'a' }),
        alert({ provider: 'b', category: 'timeout', errorMessage: 'expected an answer within 10 s, got none' }),
        alert({ provider: 'c' }),
      ]),
      `[DOWN] 3 providers are down: a, b and c
a is down: server_error: expected HTTP 200, got 503
b is down: timeout: expected an answer within 10 s, got none
c is down: server_error: expected HTTP 200, got 503`,
    ],
    [
      'several problems at once',
      message([
        alert({ provider: 'a', ...REFUSED }),
        alert({ provider: 'b', problem: 'flapping', severity: 'warning' }),
        alert({ provider: 'c' }),
        alert({ provider: 'd' }),
      ]),
      `[DOWN] 2 providers are down, 1 needs action, 1 is flapping: c, d, a and b
c is down: server_error: expected HTTP 200, got 503
d is down: server_error: expected HTTP 200, got 503
a needs action: auth: no
b is flapping: expected HTTP 200, got 503`,
    ],
    [
      'a reminder of several problems',
      message([
        alert({ phase: 'reminder', provider: 'a', ...REFUSED }),
        alert({ phase: 'reminder', provider: 'b', ...REFUSED }),
        alert({ phase: 'reminder', provider: 'c' }),
      ]),
      `[STILL DOWN] 1 provider is still down, 2 still need action: c, a and b
c is still down after 1 min: server_error: expected HTTP 200, got 503
a still needs action after 1 min: auth: no
b still needs action after 1 min: auth: no`,
    ],
    [
      'the end of several problems',
      message([
        recovery({ provider: 'a', problem: 'flapping' }),
        recovery({ provider: 'b' }),
        recovery({ provider: 'c', problem: 'action_needed' }),
      ]),
      `[RECOVERED] 2 providers work again, 1 is stable again: b, c and a
b works again after 12 min
c works again after 12 min
a is stable again`,
    ],
    [
      "the monitor's own network",
      message([monitor()]),
      `[MONITOR] The monitor's own network fails
Nearly all providers and every witness have failed at once since 2026-03-01 10:01 UTC, so the providers are not the cause.
Statuses stay as they were, and no outage is announced. Check how the monitor reaches the internet.`,
    ],
    [
      "the monitor's own network again",
      message([monitor({ phase: 'recovered', lastedMs: 240_000 })]),
      `[RECOVERED] The monitor's own network works again after 4 min
Statuses are up to date again.`,
    ],
    [
      'a test',
      { kind: 'test', at: minute(0) } as const,
      `[TEST] Provider Health: this channel works
A test message was requested. Nothing is wrong.`,
    ],
  ])('is, of %s', (_, sent, expected) => {
    expect(shown(sent)).toBe(expected);
  });

  it('says what to check, for each kind that needs our fix', () => {
    for (const category of CATEGORIES) {
      expect(shown(message([alert({ problem: 'action_needed', category })]))).toContain('\nCheck ');
    }
  });

  it('of a whole fleet names some and counts the rest', () => {
    const [first, ...rest] = Array.from({ length: 200 }, (_, index) =>
      alert({ provider: `p${String(index).padStart(3, '0')}` }),
    );
    if (!first) throw new Error('expected an alert');
    const text = shown(message([first, ...rest]));
    expect(text).toContain('200 providers are down: p000, p001, p002, p003 and 196 more');
    expect(text).toMatch(/And 180 more\.$/);
    expect(text.length).toBeLessThan(3000);
  });
});

describe('messages', () => {
  const of = (...alerts: Alert[]) =>
    messagesOf(alerts, new Set(), null).map((one) => one.alerts.map(({ provider }) => provider));

  it('are one for each of two, in id order, and one for three', () => {
    expect(of(alert({ provider: 'b' }), alert({ provider: 'a' }))).toEqual([['a'], ['b']]);
    expect(of(alert({ provider: 'b' }), alert({ provider: 'a' }), alert({ provider: 'c' }))).toEqual([['a', 'b', 'c']]);
  });

  it('of another tick, or of another kind, are others', () => {
    const later = alert({ provider: 'c', at: minute(3) });
    expect(of(alert({ provider: 'a' }), alert({ provider: 'b' }), later)).toEqual([['a'], ['b'], ['c']]);
    const over = recovery({ provider: 'c', at: minute(2) });
    expect(of(alert({ provider: 'a' }), alert({ provider: 'b' }), over)).toEqual([['a'], ['b'], ['c']]);
  });

  it('about the monitor stand alone', () => {
    const three = ['a', 'b', 'c'].map((provider) => alert({ provider }));
    expect(of(monitor(), ...three)).toEqual([[null], ['a', 'b', 'c']]);
  });
});

describe('lists', () => {
  it('lists read as people write them', () => {
    expect([['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd', 'e']].map((names) => listText(names, 3))).toEqual([
      'a',
      'a and b',
      'a, b and c',
      'a, b, c and 2 more',
    ]);
  });
});
