/** Stacks for the template tests: the real flags of cdk.json, no bundling, and the questions that several tests ask. */

import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ProviderHealthOptions } from '../../lib/stack/options.ts';
import { ProviderHealthStack } from '../../lib/stack/provider-health-stack.ts';

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));

/** Keys of each kind, and one twice. */
export const PROVIDERS = [
  { type: 'openai', apiKey: 'ssm:/provider-health/openai' },
  { type: 'claude', apiKey: 'secret:anthropic#apiKey' },
  { id: 'openai-mini', type: 'openai', apiKey: 'ssm:/provider-health/openai' },
] as const;

/** Without CDK's own rules for templates: their engine takes 3 s of CPU to start, and some tenths for each template. */
export function newApp(more: Record<string, unknown> = {}): App {
  return new App({
    builtinCloudFormationValidation: false,
    context: { ...context, 'aws:cdk:bundling-stacks': [], ...more },
  });
}

/** With the rules that cdk.json asks for. */
export function newAppWithRules(outdir: string): App {
  return new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, outdir });
}

export function newStack(options: ProviderHealthOptions = {}): ProviderHealthStack {
  return new ProviderHealthStack(newApp(), 'ProviderHealth', { providers: PROVIDERS, ...options });
}

export function synthesize(options: ProviderHealthOptions = {}): Template {
  return Template.fromStack(newStack(options));
}

export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

/** Of all resources of a type, those whose logical id contains `part`: there must be one. */
export function resourceIn(template: Template, type: string, part: string): { id: string; properties: Properties } {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.includes(part));
  const [first, ...others] = found;
  if (!first || others.length > 0) throw new Error(`${type} ${part}: expected one, got ${found.map(([id]) => id)}`);
  return { id: first[0], properties: first[1].Properties };
}

/** Properties of a resource: JSON, whose shape the tests assert. */
export type Properties = Record<string, unknown>;

/** The actions that all policies of a function's role allow. */
export function statementsOf(template: Template, functionPart: string): Statement[] {
  const role = resourceIn(template, 'AWS::Lambda::Function', functionPart).properties.Role as {
    'Fn::GetAtt': [string];
  };
  const roleId = role['Fn::GetAtt'][0];
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map((policy) => policy.Properties as { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } })
    .filter((policy) => policy.Roles.some(({ Ref }) => Ref === roleId))
    .flatMap((policy) => policy.PolicyDocument.Statement);
}

/** Every action that the role of a function is allowed, sorted. */
export function actionsOf(template: Template, functionPart: string): string[] {
  return statementsOf(template, functionPart)
    .flatMap(({ Action }) => Action)
    .sort();
}

/** A value with `Fn::Join`, `Ref` and `Fn::GetAtt` written out as text. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join();
  const [name, argument] = Object.entries(value as Record<string, unknown>)[0] ?? [];
  if (name === 'Fn::Join')
    return ((argument as [string, unknown[]])[1] ?? []).map(textOf).join((argument as [string])[0]);
  if (name === 'Fn::GetAtt') return (argument as string[]).join('.');
  return String(argument);
}
