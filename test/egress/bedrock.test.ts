import { describe, expect, it } from 'vitest';
import { isSigned, refuseSigning, regionOfBedrock } from '../../lib/egress/bedrock.ts';

const HOSTS: [url: string, region: string][] = [
  ['https://bedrock-runtime.eu-central-1.amazonaws.com', 'eu-central-1'],
  ['https://bedrock.us-gov-west-1.amazonaws.com/foundation-models', 'us-gov-west-1'],
  ['https://bedrock-runtime-fips.us-east-1.amazonaws.com', 'us-east-1'],
  ['https://vpce-0a1b2c-3d4e.bedrock-runtime.ap-southeast-2.vpce.amazonaws.com', 'ap-southeast-2'],
  ['https://bedrock-runtime.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['https://bedrock-runtime.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
  ['https://bedrock-runtime.us-east-1.api.aws', 'us-east-1'],
  ['https://bedrock-runtime.us-east-12.amazonaws.com', 'us-east-12'],
];

const OTHERS = [
  'http://bedrock-runtime.us-east-1.amazonaws.com',
  'https://bedrock-runtime.us-east-1.amazonaws.com:8443',
  'https://bedrock-runtime.us-east-1.amazonaws.com.attacker.example',
  'https://attacker.example/bedrock-runtime.us-east-1.amazonaws.com',
  'https://attacker-bedrock-runtime.us-east-1.amazonaws.com',
  'https://bedrock-runtime.attacker.s3.us-east-1.amazonaws.com',
  'no URL',
];

describe('a host of Bedrock', () => {
  it.each(HOSTS)('%s is of the region %s, and gets signed requests', (url, region) => {
    expect(regionOfBedrock(url)).toBe(region);
    expect(refuseSigning(url)).toBeNull();
  });

  it.each(OTHERS)('%s is not recognised, and gets no signed request', (url) => {
    expect(regionOfBedrock(url)).toBeNull();
    expect(refuseSigning(url)).toBe(
      'expected a host of Bedrock such as https://bedrock-runtime.eu-central-1.amazonaws.com, since requests without a key ' +
        'are signed by AWS credentials, which go nowhere else. Correct it, or set apiKey',
    );
  });
});

describe('a request that is signed', () => {
  it('may go to a server on this machine, which is of no region', () => {
    expect(regionOfBedrock('http://localhost:8080')).toBeNull();
    expect(refuseSigning('http://localhost:8080')).toBeNull();
  });

  it('is one of Bedrock without a key', () => {
    expect(isSigned({ type: 'bedrock', apiKey: null })).toBe(true);
    expect(isSigned({ type: 'bedrock', apiKey: 'env:KEY' })).toBe(false);
    expect(isSigned({ type: 'openai', apiKey: null })).toBe(false);
  });
});
