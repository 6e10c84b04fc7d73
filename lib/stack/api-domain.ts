/** A domain of the user in front of the API. The user makes the DNS record. */

import { CfnOutput } from 'aws-cdk-lib';
import { DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';

export interface ApiDomain {
  /** The domain, such as `health.example.com`. */
  readonly domainName: string;
  /** A certificate for that domain, in the stack's region. */
  readonly certificate: ICertificate;
}

export function customDomain(scope: Construct, id: string, { domainName, certificate }: ApiDomain): DomainName {
  const domain = new DomainName(scope, id, { domainName, certificate });
  new CfnOutput(scope, 'DomainTarget', {
    value: domain.regionalDomainName,
    description: `Target for a CNAME or alias record of ${domainName}`,
  });
  return domain;
}
