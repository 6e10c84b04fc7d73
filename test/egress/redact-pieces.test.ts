import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../lib/egress/redact.ts';
import { Secret } from '../../lib/keys/secret.ts';
import { ENCODINGS, leaksOf } from '../promises/leaks.ts';
import { KEY } from './hostile.ts';

const secrets = [new Secret(KEY)];

describe('K1: any 12 characters of a key do not pass', () => {
  it.each(Object.entries(ENCODINGS))('%s', (_, encode) => {
    for (let from = 0; from + 12 <= KEY.length; from += 1) {
      const text = redactSecrets(`before ${encode(KEY.slice(from, from + 12))} after`, secrets, '***');
      expect(leaksOf(KEY, text)).toEqual([]);
      expect(text).toContain('***');
    }
  });
});
