/**
 * The rights of the roles of a synthesized template, evaluated as IAM does, as far as this project's policies need it.
 */

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

interface CfnResource {
  Type: string;
  Properties: Record<string, unknown>;
}

export type CfnResources = Readonly<Record<string, CfnResource>>;

export interface Allowance {
  actions: string[];
  resources: string[];
  conditions: Record<string, Record<string, string | string[]>>;
}

/** One action of a call, in the form that IAM checks. */
export interface Action {
  /** Such as `dynamodb:Query`. */
  action: string;
  /** ARN, or `*` if the action has no resources. */
  resource: string;
  /** Values of condition keys; absent if the request has no such key. */
  context?: Readonly<Record<string, readonly string[]>>;
}

/** Of the role of a function, by all its policies. @param arns Of resources that the template makes, by logical id. */
export function allowancesOf(
  resources: CfnResources,
  functionId: string,
  arns: Readonly<Record<string, string>>,
): Allowance[] {
  const role = roleIdOf(resources[functionId]?.Properties.Role);
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
    .map(({ Properties }) => Properties as unknown as PolicyProperties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map(({ Effect, Action, Resource, Condition = {}, ...others }) => {
      // Anything that is not evaluated here must fail, not pass unnoticed.
      if (Effect !== 'Allow' || Object.keys(others).some((name) => name !== 'Sid')) {
        throw new Error(`policy: expected Allow with Action, Resource and Condition, got ${JSON.stringify(others)}`);
      }
      return {
        actions: [Action].flat(),
        resources: [Resource].flat().map((one) => written(one, arns)),
        conditions: JSON.parse(JSON.stringify(Condition), (_, value) =>
          typeof value === 'object' && !Array.isArray(value) && isIntrinsic(value) ? written(value, arns) : value,
        ),
      };
    });
}

interface PolicyProperties {
  Roles: { Ref: string }[];
  PolicyDocument: {
    Statement: {
      Effect: string;
      Action: string | string[];
      Resource: unknown;
      Condition?: Record<string, Record<string, string | string[]>>;
    }[];
  };
}

export function isAllowed(allowances: readonly Allowance[], action: Action): boolean {
  return allowances.some((allowance) => allows(allowance, action));
}

/** Whether one statement is about an action, without its conditions. */
export function covers({ actions, resources }: Allowance, { action, resource }: Action): boolean {
  return actions.some((one) => like(one, action)) && resources.some((one) => like(one, resource));
}

function allows(allowance: Allowance, action: Action): boolean {
  const { context = {} } = action;
  return covers(allowance, action) && Object.entries(allowance.conditions).every((one) => holds(one, context));
}

function holds([operator, keys]: [string, Record<string, string | string[]>], context: NonNullable<Action['context']>) {
  return Object.entries(keys).every(([key, expected]) => {
    const [first = '', ...more] = [expected].flat();
    const values = context[key];
    switch (operator) {
      case 'Null':
        return (values === undefined) === (first === 'true');
      case 'ForAllValues:StringEquals':
        return (values ?? []).every((value) => [first, ...more].includes(value));
      case 'ForAllValues:StringLike':
        return (values ?? []).every((value) => [first, ...more].some((pattern) => like(pattern, value)));
      case 'StringEquals':
        return values?.length === 1 && [first, ...more].includes(values[0] ?? '');
      default:
        throw new Error(`policy: expected a condition that the tests know, got ${operator}`);
    }
  });
}

function like(pattern: string, text: string): boolean {
  const regex = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${regex}$`).test(text);
}

function roleIdOf(role: unknown): string {
  return (role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::URLSuffix': 'amazonaws.com',
};

function isIntrinsic(value: object): boolean {
  return Object.keys(value).some((name) => name === 'Ref' || name.startsWith('Fn::'));
}

/** A value with its intrinsic functions resolved. */
function written(value: unknown, arns: Readonly<Record<string, string>>): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  if (name === 'Ref') return PSEUDO[String(argument)] ?? String(argument);
  if (name === 'Fn::GetAtt') {
    const [id = '', attribute = ''] = argument as string[];
    return arns[id] === undefined ? `${id}.${attribute}` : `${arns[id]}${attribute === 'Arn' ? '' : `/${attribute}`}`;
  }
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => written(part, arns)).join(separator);
  }
  throw new Error(`template: expected Ref, Fn::GetAtt or Fn::Join, got ${name}`);
}
