/** The package in a CommonJS project: what `cdk init` makes, its jest as it comes, ts-jest, `require`. */

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);

const SOURCES = fileURLToPath(new URL('commonjs', import.meta.url));
/** The app as the CDK command line of the repository makes it. */
const TEMPLATE = fileURLToPath(
  new URL('../../node_modules/aws-cdk/lib/init-templates/app/typescript', import.meta.url),
);
const TOOLS = ['jest@30', '@swc/jest@0.2', '@swc/core@1', '@types/jest@30', 'ts-jest@29', 'typescript@5.9.3'];
const LIBRARIES = ['@types/node@24', 'aws-cdk-lib', 'constructs', '@aws-sdk/client-dynamodb'];

/** ts-jest beside the jest of the template. */
const TS_JEST = { testEnvironment: 'node', roots: ['<rootDir>/test'], transform: { '^.+\\.ts$': 'ts-jest' } };

/** @param nodes Paths of the Nodes. */
export function describeCommonJs(tarball: () => string, nodes: readonly string[]): void {
  describe('a CommonJS project', () => {
    let directory: string;

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'provider-health-commonjs-'));
      for (const file of ['jest.config.js', 'tsconfig.json']) cpSync(join(TEMPLATE, file), join(directory, file));
      cpSync(join(SOURCES, 'stack.test.ts'), join(directory, 'test/stack.test.ts'));
      cpSync(join(SOURCES, 'entries.cjs'), join(directory, 'entries.cjs'));
      writeFileSync(join(directory, 'ts-jest.json'), JSON.stringify(TS_JEST));
      writeFileSync(join(directory, 'package.json'), '{"name":"app","private":true}');
      const flags = ['--prefer-offline', '--no-audit', '--no-fund'];
      await run('npm', ['install', ...flags, tarball(), ...LIBRARIES, ...TOOLS], { cwd: directory });
    });

    afterAll(() => rmSync(directory, { recursive: true }));

    const command = async (file: string, ...parameters: string[]) => {
      const { stdout, stderr } = await run(file, parameters, { cwd: directory });
      return stdout + stderr;
    };

    test.each([[[]], [['--config', 'ts-jest.json']]])('runs a test of a stack with jest %j', async (parameters) => {
      const output = await command('npx', 'jest', ...parameters);
      expect(output).toContain('2 passed');
      expect(output).not.toMatch(/bundling/i);
    });

    test('has types', async () => {
      await command('npx', 'tsc', '-p', '.');
    });

    test.each(nodes)('has the same exports by require and by import on %s', async (node) => {
      const entries: Record<string, { required: string[]; imported: string[] }> = JSON.parse(
        (await run(node, ['--no-warnings', 'entries.cjs'], { cwd: directory })).stdout,
      );
      for (const [entry, { required, imported }] of Object.entries(entries)) {
        expect(required.length, entry).toBeGreaterThan(3);
        expect(imported, entry).toEqual(required);
      }
    });
  });
}
