/** Lets one function read the provider list: only that object or that parameter. */

import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { parseListSource } from '../../lists/source.ts';
import { allowDecryption, KeyAccess } from './key-access.ts';

export interface ListAccessProps {
  /** A source that was validated. */
  readonly source: string;
  /** Customer managed KMS keys that may encrypt the list. */
  readonly encryptionKeys: readonly IKey[];
  readonly reader: LambdaFunction;
}

export class ListAccess extends Construct {
  constructor(scope: Construct, id: string, { source, encryptionKeys, reader }: ListAccessProps) {
    super(scope, id);
    const parsed = parseListSource(source);
    if (parsed === null) throw new Error('providerList: expected a source that was checked');
    if (parsed.kind === 'ssm') {
      new KeyAccess(this, 'Parameter', { references: [parsed], prefixes: [], encryptionKeys, functions: [reader] });
      return;
    }
    const resource = Arn.format(
      {
        service: 's3',
        region: '',
        account: '',
        resource: parsed.bucket,
        resourceName: parsed.key,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      },
      Stack.of(this),
    );
    reader.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [resource] }));
    allowDecryption(reader, encryptionKeys, ['s3']);
  }
}
