/** How long ARNs become in a policy, and how cdk-nag writes them. */

import { Token } from 'aws-cdk-lib';

/** IAM takes 6144 characters without white space; the rest is for what is around the ARNs. */
export const POLICY_CHARACTERS = 5950;
/** `aws-us-gov`, `ap-southeast-2` and an account: what CloudFormation may write at most where the stack does not know. */
export const LONGEST_FILLED: Readonly<Record<string, number>> = {
  'AWS::Partition': 10,
  'AWS::Region': 14,
  'AWS::AccountId': 12,
};
/** In the order of an ARN. */
const LONGEST_TOKENS = Object.values(LONGEST_FILLED);

const QUOTES_AND_COMMA = 3;

/** As IAM counts it, with its quotes and its comma: what CloudFormation fills in is not known here. */
export function lengthOf(arn: string): number {
  const fragments = Token.isUnresolved(arn) ? arn.split(/\$\{Token\[[^\]]*\]\}/) : [arn];
  const filled = LONGEST_TOKENS.slice(0, fragments.length - 1).reduce((sum, length) => sum + length, 0);
  return fragments.join('').length + filled + QUOTES_AND_COMMA;
}

/** A resolved ARN as cdk-nag writes it: `arn:<AWS::Partition>:ssm:…`. */
export function readable(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  const [, parts] = (resolved as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
}
