/**
 * Limits of CloudFormation and IAM that the parts of a stack can only exceed together. Too much stops the synthesis,
 * and the message says what to do.
 */

import { CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LONGEST_FILLED } from './access/policy-size.ts';

const MOST_RESOURCES = 500;
const MOST_OUTPUTS = 200;
/** All inline policies of a role together, in characters without white space. */
const MOST_INLINE_CHARACTERS = 10_240;
const MOST_MANAGED_POLICIES = 10;
const MOST_MANAGED_CHARACTERS = 6_144;

/** Checks the limits at the end of the synthesis, when the stack is complete. @param scope The monitor's construct. */
export function addLimits(scope: Construct): void {
  scope.node.addValidation({
    validate: () => [...countIssues(Stack.of(scope)), ...roleIssues(scope)],
  });
}

function countIssues(stack: Stack): string[] {
  const all = stack.node.findAll().filter((one) => Stack.of(one) === stack);
  const resources = all.filter((one) => CfnResource.isCfnResource(one)).length;
  const outputs = all.filter((one) => one instanceof CfnOutput).length;
  return [
    ...(resources > MOST_RESOURCES
      ? [
          `expected at most ${MOST_RESOURCES} resources in a stack, got ${resources}. Give the monitor a stack of its own ` +
            '(ProviderHealthStack); if it has one, set tickSeconds to 60, which needs no queues, or split the providers over two.',
        ]
      : []),
    ...(outputs > MOST_OUTPUTS
      ? [`expected at most ${MOST_OUTPUTS} outputs in a stack, got ${outputs}. Give the monitor a stack of its own.`]
      : []),
  ];
}

interface RolePolicies {
  inline: number;
  managed: number[];
}

function roleIssues(scope: Construct): string[] {
  const roles = new Map<string, RolePolicies>();
  for (const one of scope.node.findAll()) {
    if (!(one instanceof CfnPolicy || one instanceof CfnManagedPolicy)) continue;
    const { roles: ids, document } = policyOf(one);
    for (const id of ids) {
      const known = roles.get(id) ?? { inline: 0, managed: [] };
      if (one instanceof CfnPolicy) known.inline += characters(document);
      else known.managed.push(characters(document));
      roles.set(id, known);
    }
  }
  return [...roles].flatMap(([id, policies]) => issuesOf(id, policies));
}

const FEWER_RIGHTS =
  'Put keys under one path and allow it as a whole, such as keyPrefixes: ["ssm:/provider-health/*"]; use fewer alert channels or Bedrock models; or split the providers over two stacks.';

function issuesOf(role: string, { inline, managed }: RolePolicies): string[] {
  const longest = Math.max(0, ...managed);
  const expected = (most: string, got: string) => `expected ${most} for the role ${role}, got ${got}. ${FEWER_RIGHTS}`;
  return [
    ...(inline > MOST_INLINE_CHARACTERS
      ? [expected(`policies of at most ${MOST_INLINE_CHARACTERS} characters together`, String(inline))]
      : []),
    ...(managed.length > MOST_MANAGED_POLICIES
      ? [expected(`at most ${MOST_MANAGED_POLICIES} managed policies`, String(managed.length))]
      : []),
    ...(longest > MOST_MANAGED_CHARACTERS
      ? [expected(`a managed policy of at most ${MOST_MANAGED_CHARACTERS} characters`, String(longest))]
      : []),
  ];
}

function policyOf(policy: CfnPolicy | CfnManagedPolicy): { roles: string[]; document: unknown } {
  const stack = Stack.of(policy);
  const roles = (stack.resolve(policy.roles) ?? []) as ({ Ref: string } | string)[];
  return {
    roles: roles.map((role) => (typeof role === 'string' ? role : role.Ref)),
    document: stack.resolve(policy.policyDocument),
  };
}

/** Assumed length of an unknown name or ARN: a long one. */
const LONGEST_NAME = 120;

/** Size of a policy document as IAM counts it: without white space, except in texts. */
function characters(document: unknown): number {
  const filled = JSON.stringify(document, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const [[name = '', argument] = []] = Object.entries(value);
    if (name === 'Ref') return 'x'.repeat(LONGEST_FILLED[String(argument)] ?? LONGEST_NAME);
    if (name === 'Fn::Join') return joined(argument as [string, unknown[]]);
    return name.startsWith('Fn::') ? 'x'.repeat(LONGEST_NAME) : value;
  });
  return filled.length;
}

function joined([separator, parts]: [string, unknown[]]): string {
  const texts = parts.map((part) => (typeof part === 'string' ? part : 'x'.repeat(characters(part) - 2)));
  return texts.join(separator);
}
