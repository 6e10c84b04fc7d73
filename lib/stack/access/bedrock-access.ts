/**
 * Lets functions invoke the Bedrock models of the configuration, for providers with requests signed by AWS credentials.
 */

import { Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ConfigError } from '../../config/error.ts';
import { isSigned } from '../../egress/bedrock.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import { type ModelStatement, modelStatements } from './bedrock-arns.ts';
import { lengthOf, POLICY_CHARACTERS, readable } from './policy-size.ts';

/** Up to this size the statements fit into the role's own policy, beside the other rights of a function. */
const INLINE_CHARACTERS = 1500;
/** Characters of a statement without its resources and its condition's values. */
const AROUND = 130;

export interface BedrockAccessProps {
  readonly providers: readonly ProviderConfig[];
  readonly functions: readonly LambdaFunction[];
}

export class BedrockAccess extends Construct {
  /** @throws {ConfigError} When there are more models than a policy can name. */
  constructor(scope: Construct, id: string, { providers, functions }: BedrockAccessProps) {
    super(scope, id);
    const signed = providers.filter(isSigned);
    if (signed.length === 0) return;
    const statements = merged(signed.flatMap((provider) => modelStatements(Stack.of(this), provider)));
    const policies = [...statements.map(policyOf), listing()];
    const size = statements.reduce((sum, statement) => sum + sizeOf(statement), AROUND);
    if (size > POLICY_CHARACTERS) throw tooMany(signed.length, size);
    const roles = functions.flatMap(({ role }) => role ?? []);
    if (size <= INLINE_CHARACTERS) {
      for (const fn of functions) for (const policy of policies) fn.addToRolePolicy(policy);
    } else {
      new ManagedPolicy(this, 'Policy', {
        description: 'The Bedrock models that the monitor may invoke',
        statements: policies,
        roles,
      });
    }
    this.#acknowledgeStars(statements, functions);
  }

  /** cdk-nag wants a reason for every star in a policy. */
  #acknowledgeStars(statements: readonly ModelStatement[], functions: readonly LambdaFunction[]): void {
    const stack = Stack.of(this);
    const stars = ['*', ...statements.flatMap(({ resources }) => resources)]
      .filter((arn) => arn.includes('*'))
      .map((arn) => readable(stack.resolve(arn)));
    for (const scope of [this, ...functions.flatMap(({ role }) => role ?? [])]) {
      for (const star of new Set(stars)) {
        Validations.of(scope).acknowledge({
          id: `AwsSolutions-IAM5[Resource::${star}]`,
          reason:
            'An inference profile sends requests to regions of its own choice, under a condition that names the profile; ' +
            'listing models of Bedrock knows no resources.',
        });
      }
    }
  }
}

/**
 * Merges statements: one for each action, and one for each action through profiles. Several profiles can share a
 * statement, since each profile leads only to its own model.
 */
function merged(statements: readonly ModelStatement[]): ModelStatement[] {
  const groups = new Map<string, ModelStatement>();
  for (const statement of statements) {
    const key = `${statement.action} ${statement.through.length > 0}`;
    const { resources = [], through = [] } = groups.get(key) ?? {};
    groups.set(key, {
      action: statement.action,
      resources: [...new Set([...resources, ...statement.resources])],
      through: [...new Set([...through, ...statement.through])],
    });
  }
  return [...groups.values()];
}

function policyOf({ action, resources, through }: ModelStatement): PolicyStatement {
  return new PolicyStatement({
    actions: [action],
    resources: [...resources],
    ...(through.length > 0 && { conditions: { StringEquals: { 'bedrock:InferenceProfileArn': through } } }),
  });
}

/**
 * Checks list the models when the day's tokens are used up, so every such provider needs this right. The action
 * supports no resources.
 */
function listing(): PolicyStatement {
  return new PolicyStatement({ actions: ['bedrock:ListFoundationModels'], resources: ['*'] });
}

function sizeOf({ resources, through }: ModelStatement): number {
  return [...resources, ...through].reduce((sum, arn) => sum + lengthOf(arn), AROUND);
}

function tooMany(providers: number, size: number): ConfigError {
  const message =
    `expected models of Bedrock that fit into one policy of ${POLICY_CHARACTERS} characters, got ${providers} providers that ` +
    `take ${size}. Give some of them an apiKey, or split them over two stacks`;
  return new ConfigError([{ path: 'providers', message }]);
}
