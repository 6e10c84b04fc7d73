/** The CDK app: `npx cdk synth`, `npx cdk deploy`, with settings as `-c name=value` (see lib/stack/context.ts). */

import { Annotations, App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ConfigError } from '../lib/config/error.ts';
import { billText } from '../lib/costs/bill.ts';
import { CONFIG_FILE, configFileFrom, optionsFrom } from '../lib/stack/context.ts';
import { ProviderHealthStack } from '../lib/stack/provider-health-stack.ts';

function synthesize(): void {
  // `app.synth()` is called below. With `autoSynth`, CDK would do the work again when the process ends.
  const app = new App({ autoSynth: false });
  const configFile = configFileFrom(app.node);
  const stack = new ProviderHealthStack(app, 'ProviderHealth', {
    description: 'Health monitor for LLM API providers',
    ...optionsFrom(app.node),
    ...(configFile === null ? { providers: [] } : { configFile }),
  });
  if (configFile === null) {
    Annotations.of(stack).addInfo(
      `${CONFIG_FILE}: no such file, so this stack declares no provider. Copy providers.example.json to ` +
        `${CONFIG_FILE}, name a file with -c config=FILE, or register providers through the API.`,
    );
  } else {
    // Of a stack's annotations the cdk command shows only warnings, so the costs go to stderr.
    console.error(`This monitor costs ${billText(stack.health.bill)}`);
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

try {
  synthesize();
} catch (error) {
  // The author of the configuration needs the list of mistakes, not our stack trace.
  if (error instanceof ConfigError) console.error(error.message);
  // CDK validates the whole app at synth, and lists here what cannot be deployed.
  else if (error instanceof Error && error.message.startsWith('Validation failed')) console.error(error.message);
  else throw error;
  process.exitCode = 1;
}
