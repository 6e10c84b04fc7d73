/** Models of Bedrock that requests are signed for -> the statements of IAM that allow exactly these, and their lists. */

import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { regionOfBedrock } from '../../egress/bedrock.ts';
import type { ProviderConfig } from '../../health/provider.ts';

export interface ModelStatement {
  action: 'bedrock:InvokeModel' | 'bedrock:InvokeModelWithResponseStream';
  resources: readonly string[];
  /** ARNs of the profiles through which alone the resources may be used; none: in any way. */
  through: readonly string[];
}

/** As in `us.amazon.nova-micro-v1:0`: an inference profile of AWS, which sends requests to several regions. */
const PROFILE = /^(global|us|us-gov|eu|apac|jp|au|ca|sa|me|af|il|uk|in|mx)\.([a-z0-9-]+\..+)$/;

/** A profile of the account's own, or a router, which do not name their models. */
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
  // Where a profile is global, the model is asked for without a region too.
  const targets = [foundation('*', name), ...(geography === 'global' ? [foundation('', name)] : [])];
  return [
    { action, resources: [profile], through: [] },
    { action, resources: targets, through: [profile] },
  ];
}
