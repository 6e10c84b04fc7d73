/** Key references of the configuration -> the right to read exactly those parameters and secrets. */

import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { KeyReference } from '../../keys/reference.ts';

/** Secrets Manager ends each ARN with six characters of its own choice. */
const SECRET_SUFFIX = '-??????';

/**
 * Lets a function read what the references name; those to environment variables need no permission.
 *
 * @param encryptionKeys Customer managed KMS keys of those parameters and secrets. The AWS managed ones need no permission.
 */
export function grantKeys(
  grantee: IGrantable & { readonly stack: Stack },
  references: readonly KeyReference[],
  encryptionKeys: readonly IKey[],
): void {
  const { stack, grantPrincipal } = grantee;
  const parameter = (name: string) =>
    stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, '') });
  const secretNames = [
    ...new Set(references.flatMap((reference) => (reference.kind === 'secret' ? reference.name : []))),
  ];
  const parameterNames = [
    ...new Set(references.flatMap((reference) => (reference.kind === 'ssm' ? reference.name : []))),
  ];

  // Parameter Store hands out secrets too, under names of its own, so that one client reads both.
  const parameterArns = [
    ...parameterNames.map(parameter),
    ...secretNames.map((name) => parameter(`aws/reference/secretsmanager/${name}`)),
  ];
  const secretArns = secretNames.map((name) =>
    stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: name + SECRET_SUFFIX,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  const allow = (statement: PolicyStatement) => grantPrincipal.addToPrincipalPolicy(statement);
  if (parameterArns.length > 0) {
    allow(new PolicyStatement({ actions: ['ssm:GetParameter'], resources: parameterArns }));
  }
  if (secretArns.length > 0) {
    allow(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: secretArns }));
  }
  if (encryptionKeys.length > 0 && parameterArns.length > 0) {
    allow(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: encryptionKeys.map((key) => key.keyArn),
        // Only to read parameters and secrets, not to decrypt whatever else the key protects.
        conditions: {
          StringEquals: {
            'kms:ViaService': ['ssm', 'secretsmanager'].map((service) => `${service}.${stack.region}.amazonaws.com`),
          },
        },
      }),
    );
  }
}
