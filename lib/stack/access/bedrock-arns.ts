/** Makes the IAM statements that allow exactly the Bedrock models of signed providers. */

import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { regionOfBedrock } from '../../egress/bedrock.ts';
import type { ProviderConfig } from '../../health/provider.ts';

export interface ModelStatement {
  action: 'bedrock:InvokeModel' | 'bedrock:InvokeModelWithResponseStream';
  resources: readonly string[];
  /** ARNs of inference profiles: the resources may be used only through these. Empty: also directly. */
  through: readonly string[];
}

/** An inference profile of AWS, which sends requests to several regions, such as `us.amazon.nova-micro-v1:0`. */
const PROFILE = /^(global|us|us-gov|eu|apac|jp|au|ca|sa|me|af|il|uk|in|mx)\.([a-z0-9-]+\..+)$/;

/** An inference profile of the account itself. Its ARN does not name its models. */
const OWN_PROFILE = /^arn:[^:]+:bedrock:[^:]+:\d+:(?:application-)?inference-profile\//;

export function modelStatements(
  stack: Stack,
  { model, baseUrl, probe }: Pick<ProviderConfig, 'model' | 'baseUrl' | 'probe'>,
): ModelStatement[] {
  if (probe === 'models') return [];
  const action = probe === 'stream' ? 'bedrock:InvokeModelWithResponseStream' : 'bedrock:InvokeModel';
  const region = regionOfBedrock(baseUrl) ?? stack.region;
  const foundation = (of: string, name: string) =>
    stack.formatArn({ service: 'bedrock', region: of, account: '', resource: 'foundation-model', resourceName: name });

  if (OWN_PROFILE.test(model)) {
    const systemName = PROFILE.exec(model.split('/')[1] ?? '')?.[2] ?? '*';
    return [
      { action, resources: [model], through: [] },
      { action, resources: [foundation('*', systemName)], through: [model] },
    ];
  }
  if (model.startsWith('arn:')) return [{ action, resources: [model], through: [] }];

  const [, geography, name] = PROFILE.exec(model) ?? [];
  if (geography === undefined || name === undefined) {
    return [{ action, resources: [foundation(region, model)], through: [] }];
  }
  const profile = stack.formatArn({
    service: 'bedrock',
    region,
    resource: 'inference-profile',
    resourceName: model,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  // A global profile also uses the model's ARN without a region.
  const targets = [foundation('*', name), ...(geography === 'global' ? [foundation('', name)] : [])];
  return [
    { action, resources: [profile], through: [] },
    { action, resources: targets, through: [profile] },
  ];
}
