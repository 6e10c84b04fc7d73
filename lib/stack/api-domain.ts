/** A domain of the user's own in front of the API. The DNS record that leads to it is left to the user. */

import { CfnOutput } from 'aws-cdk-lib';
import { DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';

export interface ApiDomain {
  /** Such as `health.example.com`. */
  readonly domainName: string;
  /** For that name, in the stack's own region. */
  readonly certificate: ICertificate;
}

export function customDomain(scope: Construct, id: string, { domainName, certificate }: ApiDomain): DomainName {
  const domain = new DomainName(scope, id, { domainName, certificate });
  new CfnOutput(scope, 'DomainTarget', {
    value: domain.regionalDomainName,
    description: `Where a CNAME or an alias record of ${domainName} leads to`,
  });
  return domain;
}
