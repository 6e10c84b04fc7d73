/** The length of ARNs in a policy, and their form in cdk-nag. */

import { Token } from 'aws-cdk-lib';

/** IAM allows 6144 characters without white space. The difference is for the text around the ARNs. */
export const POLICY_CHARACTERS = 5950;
/** The longest values that CloudFormation may fill in for unknown ones: `aws-us-gov`, `ap-southeast-2`, an account. */
export const LONGEST_FILLED: Readonly<Record<string, number>> = {
  'AWS::Partition': 10,
  'AWS::Region': 14,
  'AWS::AccountId': 12,
};
/** In the order in which an ARN contains them. */
const LONGEST_TOKENS = Object.values(LONGEST_FILLED);

const QUOTES_AND_COMMA = 3;

/**
 * Length of an ARN as IAM counts it, with quotes and comma. For values that CloudFormation fills in, the longest ones
 * count.
 */
export function lengthOf(arn: string): number {
  const fragments = Token.isUnresolved(arn) ? arn.split(/\$\{Token\[[^\]]*\]\}/) : [arn];
  const filled = LONGEST_TOKENS.slice(0, fragments.length - 1).reduce((sum, length) => sum + length, 0);
  return fragments.join('').length + filled + QUOTES_AND_COMMA;
}

/** A resolved ARN in the form of cdk-nag: `arn:<AWS::Partition>:ssm:…`. */
export function readable(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  const [, parts] = (resolved as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
}
