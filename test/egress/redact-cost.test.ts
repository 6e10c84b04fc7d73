import { expect, it } from 'vitest';
import { redactSecrets } from '../../lib/egress/redact.ts';
import { Secret } from '../../lib/keys/secret.ts';
import { filled, HOSTILE, KEY } from './hostile.ts';

const SIZE = 64 * 1024;
const secrets = [new Secret(KEY)];

it('the work on a hostile text grows with its length, and not with the square', () => {
  const cpuMs = (text: string) => {
    const times = Array.from({ length: 3 }, () => {
      const before = process.cpuUsage();
      redactSecrets(text, secrets, '***');
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    return Math.min(...times);
  };
  const whole = (size: number) => HOSTILE.reduce((sum, unit) => sum + cpuMs(filled(unit, size)), 0);
  whole(SIZE / 8);
  // Eight times the text: 8 times the work when it is linear, 64 times when it is not.
  expect(whole(SIZE) / whole(SIZE / 8)).toBeLessThan(24);
});
