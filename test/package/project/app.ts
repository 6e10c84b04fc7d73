/** A CDK app with a router of its own beside the monitor. */

import { App, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ProviderHealth } from 'provider-health/cdk';

class RouterStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const health = new ProviderHealth(this, 'Health', {
      providers: [
        { type: 'openai', apiKey: 'ssm:/provider-health/openai' },
        { type: 'claude', apiKey: 'secret:anthropic#apiKey' },
      ],
    });
    const router = new LambdaFunction(this, 'Router', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
    });
    health.grantRead(router);
    health.grantReport(router);
  }
}

const app = new App();
new RouterStack(app, 'Router');
app.synth();
