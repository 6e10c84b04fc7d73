/** Makes the ARNs for a policy from key references and allowed folders. */

import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { ConfigError } from '../../config/error.ts';
import type { KeyReference } from '../../keys/reference.ts';

export interface KeyArns {
  /** ARNs in Parameter Store. It also returns secrets, under names of its own, so that one client reads both. */
  readonly parameters: readonly string[];
  /** ARNs in Secrets Manager. */
  readonly secrets: readonly string[];
}

/** Secrets Manager ends each ARN with six random characters. */
const SECRET_SUFFIX = '-??????';

/** A whole folder of names: `ssm:/provider-health/*`, `secret:provider-health/*`. A star alone is not allowed. */
const PREFIX = /^(?:(ssm):((?:\/[A-Za-z0-9_.-]{1,255}){1,14}\/)|(secret):((?:[A-Za-z0-9_+=.@-]{1,255}\/){1,14}))\*$/;

interface KeyPrefix {
  kind: 'ssm' | 'secret';
  /** Ends with a slash. */
  name: string;
}

/** @throws {ConfigError} When a text is not a prefix. */
export function parsePrefixes(prefixes: readonly string[]): KeyPrefix[] {
  return prefixes.map((text, index) => {
    const [, ssm, parameter, , secret] = PREFIX.exec(text) ?? [];
    if (ssm !== undefined && parameter !== undefined) return { kind: 'ssm', name: parameter };
    if (secret !== undefined) return { kind: 'secret', name: secret };
    const message = `expected a path and a star, such as "ssm:/provider-health/*" or "secret:provider-health/*", got ${JSON.stringify(text)}`;
    throw new ConfigError([{ path: `keyPrefixes[${index}]`, message }]);
  });
}

/** One ARN for each prefix, and one for each reference outside of all prefixes. Environment variables have no ARN. */
export function keyArns(stack: Stack, references: readonly KeyReference[], prefixes: readonly KeyPrefix[]): KeyArns {
  const namesOf = (kind: 'ssm' | 'secret') => {
    const folders = prefixes.flatMap((prefix) => (prefix.kind === kind ? prefix.name : []));
    const single = references
      .flatMap((reference) => (reference.kind === kind ? reference.name : []))
      .filter((name) => !folders.some((folder) => name.startsWith(folder)));
    return { folders: [...new Set(folders)], single: [...new Set(single)] };
  };
  const parameterArn = (name: string) =>
    stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, '') });
  const secretArn = (name: string) =>
    stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  const ssm = namesOf('ssm');
  const secret = namesOf('secret');
  const secretNames = [...secret.folders.map((folder) => `${folder}*`), ...secret.single];
  return {
    parameters: [
      ...[...ssm.folders.map((folder) => `${folder}*`), ...ssm.single].map(parameterArn),
      ...secretNames.map((name) => parameterArn(`aws/reference/secretsmanager/${name}`)),
    ],
    secrets: [
      ...secret.folders.map((folder) => secretArn(`${folder}*`)),
      ...secret.single.map((name) => secretArn(name + SECRET_SUFFIX)),
    ],
  };
}
