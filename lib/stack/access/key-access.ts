/**
 * Grants the right to read exactly the parameters and secrets that the configuration names. IAM limits the size of a
 * policy and the number of policies of a role. So many keys are spread over several policies, and too many keys are an
 * error at synth.
 */

import { Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ConfigError } from '../../config/error.ts';
import type { KeyReference } from '../../keys/reference.ts';
import { keyArns, parsePrefixes } from './key-arns.ts';
import { lengthOf, POLICY_CHARACTERS, readable } from './policy-size.ts';

/** Up to this size the statements fit into the role's own policy, beside the other rights of a function. */
const INLINE_CHARACTERS = 2000;
/** A role may have ten managed policies. One is left for the user. */
const MOST_POLICIES = 9;

const ACTIONS = { parameters: 'ssm:GetParameter', secrets: 'secretsmanager:GetSecretValue' } as const;

export interface KeyAccessProps {
  readonly references: readonly KeyReference[];
  /** Folders of names that may be read as a whole, such as `ssm:/provider-health/*`. */
  readonly prefixes: readonly string[];
  /** Customer managed KMS keys that encrypt those parameters and secrets. AWS managed keys need no permission. */
  readonly encryptionKeys: readonly IKey[];
  /** The functions that read the keys. */
  readonly functions: readonly LambdaFunction[];
}

/** One right: to read a parameter or a secret. */
interface KeyRight {
  kind: keyof typeof ACTIONS;
  arn: string;
}

/**
 * Lets functions read the referenced parameters and secrets. References to environment variables need no permission.
 */
export class KeyAccess extends Construct {
  /** @throws {ConfigError} When a role's policies have no room for all keys. */
  constructor(scope: Construct, id: string, props: KeyAccessProps) {
    super(scope, id);
    const { references, prefixes, encryptionKeys, functions } = props;
    const arns = keyArns(Stack.of(this), references, parsePrefixes(prefixes));
    const rights: KeyRight[] = [
      ...arns.parameters.map((arn) => ({ kind: 'parameters' as const, arn })),
      ...arns.secrets.map((arn) => ({ kind: 'secrets' as const, arn })),
    ];
    if (rights.length === 0) return;
    const total = rights.reduce((sum, { arn }) => sum + lengthOf(arn), 0);
    if (total <= INLINE_CHARACTERS) {
      for (const fn of functions) for (const statement of statementsOf(rights)) fn.addToRolePolicy(statement);
    } else {
      const policies = policiesOf(rights);
      if (policies.length > MOST_POLICIES) throw tooMany(references, policies.length);
      const roles = functions.flatMap(({ role }) => role ?? []);
      policies.forEach((policy, index) => {
        new ManagedPolicy(this, `Policy${index}`, {
          description: 'The keys of providers and alerts that the monitor may read',
          statements: statementsOf(policy),
          roles,
        });
      });
    }
    for (const fn of functions) allowDecryption(fn, encryptionKeys, ['ssm', 'secretsmanager']);
    this.#acknowledgeFolders(rights, functions);
  }

  /** cdk-nag asks for a reason for every star in a policy. */
  #acknowledgeFolders(rights: readonly KeyRight[], functions: readonly LambdaFunction[]): void {
    const folders = rights
      .filter(({ arn }) => arn.endsWith('*'))
      .map(({ arn }) => readable(Stack.of(this).resolve(arn)));
    for (const scope of [this, ...functions.flatMap(({ role }) => role ?? [])]) {
      for (const folder of folders) {
        Validations.of(scope).acknowledge({
          id: `AwsSolutions-IAM5[Resource::${folder}]`,
          reason: 'keyPrefixes allows this folder of keys as a whole.',
        });
      }
    }
  }
}

/** Allows decryption only through these services, not of other data that the keys protect. */
export function allowDecryption(fn: LambdaFunction, keys: readonly IKey[], services: readonly string[]): void {
  if (keys.length === 0) return;
  const { region } = Stack.of(fn);
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: keys.map((key) => key.keyArn),
      conditions: {
        StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.amazonaws.com`) },
      },
    }),
  );
}

function statementsOf(rights: readonly KeyRight[]): PolicyStatement[] {
  return (Object.keys(ACTIONS) as KeyRight['kind'][]).flatMap((kind) => {
    const resources = rights.filter((right) => right.kind === kind).map(({ arn }) => arn);
    return resources.length === 0 ? [] : new PolicyStatement({ actions: [ACTIONS[kind]], resources });
  });
}

function policiesOf(rights: readonly KeyRight[]): KeyRight[][] {
  const policies: KeyRight[][] = [];
  let left = 0;
  for (const right of rights) {
    const length = lengthOf(right.arn);
    if (length > left) {
      policies.push([]);
      left = POLICY_CHARACTERS;
    }
    policies.at(-1)?.push(right);
    left -= length;
  }
  return policies;
}

function tooMany(references: readonly KeyReference[], policies: number): ConfigError {
  const names = new Set(references.map(({ name }) => name)).size;
  return new ConfigError([
    {
      path: 'keyPrefixes',
      message:
        `expected keys that fit into the ${MOST_POLICIES} policies of a role, got ${names} keys, which take ${policies}. ` +
        'Put them under one path and allow it as a whole, such as keyPrefixes: ["ssm:/provider-health/*"]',
    },
  ]);
}
