import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { awsDomain } from '../../lib/base/aws-domain.ts';

it.each([
  'eu-central-1',
  'us-gov-west-1',
  'cn-north-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'us-isof-south-1',
  'eu-isoe-west-1',
  'eusc-de-east-1',
])('the domain of %s is that of the AWS SDK', (region) => {
  const client = new DynamoDBClient({ region });
  const { url } = client.config.endpointProvider({ Region: region });
  client.destroy();
  expect(`dynamodb.${region}.${awsDomain(region)}`).toBe(url.hostname);
});
