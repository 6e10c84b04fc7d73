import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Texts of a provider that try to break a log line in two, to add a second object, or to control the terminal. */
const HOSTILE = [
  'two\nlines\r\n{"level":"INFO","message":"forged"}',
  '"}\n{"message":"forged"',
  'line\u2028separators\u2029and\u0085next',
  'bidi \u202etxet\u202c \u2066isolated\u2069 \u200emarks\u200f \u061c',
  'terminal \u001b[2J\u009b2J\u0007\u007f',
  'invisible \u200b\u200d\ufeff\u00ad\u{e0041}',
  'half \ud800 of a character \udc00',
  'null \u0000 and all below: \u0001\u0008\u000b\u001f',
  '__proto__',
  'x'.repeat(300),
];

const PROGRAM = `
  import { log } from './functions/shared/log.ts';
  for (const text of JSON.parse(process.argv[1])) {
    log.info(text, { error: text });
    log.warn('tick', { failed: [{ provider: 'a', reason: text }], nested: { deep: [text] } });
    log.error('request failed', { stack: text });
  }
`;

it('K5: each event of the functions is one JSON object on one line, with any text of a provider', async () => {
  const stdout = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM, JSON.stringify(HOSTILE)],
      { cwd: ROOT },
      (error, out, stderr) => (error === null ? resolve(out + stderr) : reject(error)),
    );
  });
  const lines = stdout.split('\n').filter((line) => line !== '');
  expect(lines).toHaveLength(3 * HOSTILE.length);
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({ level: expect.stringMatching(/^(INFO|WARN|ERROR)$/) });
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  }
  expect(lines.filter((line) => JSON.parse(line).message === 'forged')).toEqual([]);
});
